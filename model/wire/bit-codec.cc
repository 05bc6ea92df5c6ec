// SPDX-License-Identifier: GPL-2.0-only
#include "model/wire/bit-codec.h"

#include <stdexcept>
#include <string>

namespace ns3::iotfleet::wire
{

BitWriter::BitWriter(PackageVersion version, std::string_view name, AppPayload* out)
    : m_version(version),
      m_name(name),
      m_out(out)
{
}

void
BitWriter::Signed(int8_t value, unsigned width)
{
    const int limit = 1 << (width - 1);
    Require(value >= -limit && value < limit, "a signed value does not fit in its field");
    Write(static_cast<uint64_t>(value & (2 * limit - 1)), width);
}

void
BitWriter::Scaled(uint32_t value, unsigned width, uint32_t unit)
{
    Require(value % unit == 0, "a value is not a multiple of its unit");
    Write(value / unit, width);
}

void
BitWriter::Octets(std::span<const uint8_t> octets)
{
    if (m_out != nullptr)
    {
        m_out->Append(octets);
    }
    m_bits += 8 * octets.size();
}

void
BitWriter::Require(bool condition, std::string_view what) const
{
    if (!condition)
    {
        throw std::invalid_argument(std::string(m_name) + ": " + std::string(what));
    }
}

void
BitWriter::RequirePresence(bool has, bool shall) const
{
    Require(has || !shall, "an optional field is missing that this status calls for");
    Require(!has || shall, "an optional field is set that this status forbids");
}

void
BitWriter::Write(uint64_t value, unsigned width)
{
    if ((value >> width) != 0)
    {
        throw std::invalid_argument(std::string(m_name) + ": " + std::to_string(value) +
                                    " does not fit in " + std::to_string(width) + " bits");
    }
    m_pending |= value << (m_bits % 8);
    unsigned held = static_cast<unsigned>(m_bits % 8) + width;
    m_bits += width;
    for (; held >= 8; held -= 8)
    {
        const auto byte = static_cast<uint8_t>(m_pending & 0xff);
        m_pending >>= 8;
        if (m_out != nullptr)
        {
            m_out->Append({&byte, 1});
        }
    }
}

void
BitReader::Signed(int8_t& value, unsigned width)
{
    const int raw = static_cast<int>(Read(width));
    const int limit = 1 << (width - 1);
    value = static_cast<int8_t>(raw >= limit ? raw - 2 * limit : raw);
}

void
BitReader::Octets(std::span<uint8_t> octets)
{
    for (auto& octet : octets)
    {
        octet = static_cast<uint8_t>(Read(8));
    }
}

void
BitReader::Rest(std::span<const uint8_t>& octets)
{
    const std::size_t first = Bytes();
    octets = first < m_bytes.size() ? m_bytes.subspan(first) : std::span<const uint8_t>{};
    m_bits += 8 * octets.size();
}

uint64_t
BitReader::Read(unsigned width)
{
    uint64_t value = 0;
    for (unsigned done = 0; done < width;)
    {
        const std::size_t byte = m_bits / 8;
        const auto offset = static_cast<unsigned>(m_bits % 8);
        const unsigned take = std::min(8 - offset, width - done);
        const uint64_t bits = byte < m_bytes.size() ? m_bytes[byte] : 0;
        value |= ((bits >> offset) & ((1U << take) - 1U)) << done;
        done += take;
        m_bits += take;
    }
    return value;
}

} // namespace ns3::iotfleet::wire
