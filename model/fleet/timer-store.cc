// SPDX-License-Identifier: GPL-2.0-only
#include "model/fleet/timer-store.h"

#include "model/fleet/give-back.h"

#include <algorithm>

namespace ns3::iotfleet
{

namespace
{

constexpr size_t TIME_BYTES = 5;

void
PutBytes(std::vector<uint8_t>& to, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; ++i)
    {
        to.push_back(static_cast<uint8_t>(value >> (8 * i)));
    }
}

uint64_t
GetBytes(const uint8_t* from, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; ++i)
    {
        value |= uint64_t{from[i]} << (8 * i);
    }
    return value;
}

} // namespace

TimerStore::Bundle&
TimerStore::BundleFor(const Entry& entry)
{
    const bool isWide = entry.row >> 24 != 0;
    for (auto& bundle : m_open)
    {
        const bool isOwn = !isWide && bundle.kind == entry.kind && bundle.tag == entry.tag;
        if (bundle.width == WIDE || isOwn)
        {
            return bundle;
        }
    }
    auto& bundle = m_open.emplace_back();
    const bool isMixed = isWide || m_open.size() > BUNDLES;
    bundle = {entry.kind, entry.tag, isMixed ? uint16_t{WIDE} : uint16_t{NARROW}};
    bundle.bytes.reserve(FEW * bundle.width);
    return bundle;
}

void
TimerStore::Append(Bundle& bundle, const Entry& entry)
{
    PutBytes(bundle.bytes, entry.time, TIME_BYTES);
    if (bundle.width == NARROW)
    {
        return PutBytes(bundle.bytes, entry.row, NARROW - TIME_BYTES);
    }
    PutBytes(bundle.bytes, entry.row, 4);
    PutBytes(bundle.bytes, entry.kind, 1);
    PutBytes(bundle.bytes, entry.tag, 2);
}

TimerStore::Entry
TimerStore::Read(const Bundle& bundle, size_t at)
{
    const uint8_t* from = bundle.bytes.data() + at;
    const uint64_t time = GetBytes(from, TIME_BYTES);
    from += TIME_BYTES;
    if (bundle.width == NARROW)
    {
        return {time,
                static_cast<uint32_t>(GetBytes(from, NARROW - TIME_BYTES)),
                bundle.kind,
                bundle.tag};
    }
    return {time,
            static_cast<uint32_t>(GetBytes(from, 4)),
            from[4],
            static_cast<uint16_t>(GetBytes(from + 5, 2))};
}

void
TimerStore::Add(const Entry& entry)
{
    auto& bundle = BundleFor(entry);
    if (bundle.bytes.size() + bundle.width > bundle.bytes.capacity())
    {
        m_full.push_back(std::move(bundle));
        GiveBack(bundle.bytes);
        bundle.bytes.reserve(MANY * bundle.width);
    }
    Append(bundle, entry);
    m_earliest = std::min(m_earliest, entry.time);
    ++m_size;
}

void
TimerStore::Drain(const std::function<void(const Entry&)>& take)
{
    std::ranges::move(m_open, std::back_inserter(m_full));
    GiveBack(m_open);
    for (auto& bundle : m_full)
    {
        for (size_t at = 0; at < bundle.bytes.size(); at += bundle.width)
        {
            take(Read(bundle, at));
        }
        GiveBack(bundle.bytes);
    }
    *this = {};
}

size_t
TimerStore::MemoryBytes() const
{
    size_t bytes = (m_open.capacity() + m_full.capacity()) * sizeof(Bundle);
    for (const auto* bundles : {&m_open, &m_full})
    {
        for (const auto& bundle : *bundles)
        {
            bytes += bundle.bytes.capacity();
        }
    }
    return bytes;
}

} // namespace ns3::iotfleet
