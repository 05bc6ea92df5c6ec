// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_LINK_TABLE_H
#define IOTFLEET_LORAWAN_LINK_TABLE_H

#include "model/fleet/counter-random.h"
#include "model/fleet/types.h"
#include "model/lorawan/lorawan-config.h"

#include "ns3/mobility-model.h"
#include "ns3/propagation-loss-model.h"
#include "ns3/ptr.h"

#include <array>
#include <functional>
#include <iterator>
#include <span>
#include <vector>

namespace ns3::iotfleet
{

/// One device-gateway link.
struct Link
{
    GatewayId gateway;
    /// Received minus transmitted power, 1/100 dB, -32000..0: loss, shadowing, walls, antennas.
    int16_t gainCdb;

    double GainDb() const
    {
        return gainCdb / 100.0;
    }
};

/// What the table needs to know of a gateway.
struct GatewaySite
{
    Ptr<MobilityModel> mobility;
    double antennaGainDbi{0}; ///< feeder loss already taken off
};

/// What it needs to know of a device.
struct DeviceSite
{
    float x;
    float y;
    float z;
    bool indoor;
};

/// The links of one device, strongest first: a view into a LinkTable, unpacked while it is read.
class LinkRow
{
  public:
    /// Reads one link after the other.
    class Iterator
    {
      public:
        using value_type = Link;
        using difference_type = std::ptrdiff_t;

        Iterator() = default;

        Iterator(const uint8_t* place, uint8_t width)
            : m_place(place),
              m_width(width)
        {
        }

        Link operator*() const
        {
            uint32_t value = 0;
            for (uint32_t i = 0; i < 4; ++i) // one load: the table is padded
            {
                value |= uint32_t{m_place[i]} << 8 * i;
            }
            return Unpack(m_width == 3 ? value & 0xFFFFFF : value);
        }

        Iterator& operator++()
        {
            m_place += m_width;
            return *this;
        }

        Iterator operator++(int)
        {
            const auto before = *this;
            ++*this;
            return before;
        }

        bool operator==(const Iterator& other) const
        {
            return m_place == other.m_place;
        }

      private:
        const uint8_t* m_place{nullptr};
        uint8_t m_width{0};
    };

    LinkRow(const uint8_t* begin, uint32_t size, uint8_t width)
        : m_begin(begin),
          m_size(size),
          m_width(width)
    {
    }

    Iterator begin() const
    {
        return {m_begin, m_width};
    }

    Iterator end() const
    {
        return {m_begin + size_t{m_size} * m_width, m_width};
    }

    size_t size() const
    {
        return m_size;
    }

    bool empty() const
    {
        return m_size == 0;
    }

    Link operator[](size_t i) const
    {
        return *Iterator(m_begin + i * m_width, m_width);
    }

    Link front() const
    {
        return (*this)[0];
    }

    /// 15 bits of gain below those of the gateway.
    static uint32_t Pack(const Link& link)
    {
        return static_cast<uint32_t>(link.gateway) << 15 | static_cast<uint32_t>(-link.gainCdb);
    }

    static Link Unpack(uint32_t value)
    {
        return {static_cast<GatewayId>(value >> 15),
                static_cast<int16_t>(-static_cast<int32_t>(value & 0x7FFF))};
    }

  private:
    const uint8_t* m_begin;
    uint32_t m_size;
    uint8_t m_width;
};

/**
 * Which gateways each device can matter to, strongest first: built once from ns-3's propagation
 * loss models plus static shadowing and building penetration. Devices do not move.
 *
 * Cost: building O(devices x gateways in range); 3 bytes a link with up to 512 gateways, 4 with
 * more, and 1.5 bytes a device.
 */
class LinkTable
{
  public:
    /**
     * Builds the table.
     * @param gateways the gateways, in the order of GatewayId
     * @param devices how many devices
     * @param site tells where a device stands
     * @param loss ns-3's model (chain); must be deterministic
     * @param config powers, shadowing, walls and the number of links kept
     * @param random source of shadowing and wall loss
     */
    void Build(std::span<const GatewaySite> gateways,
               uint32_t devices,
               const std::function<DeviceSite(DeviceId)>& site,
               const Ptr<PropagationLossModel>& loss,
               const LorawanConfig& config,
               const CounterRandom& random);

    /// Links of a device, strongest first.
    LinkRow Of(DeviceId d) const
    {
        const auto begin = BeginOf(Index(d));
        return {m_bytes.data() + size_t{begin} * m_width, BeginOf(Index(d) + 1) - begin, m_width};
    }

    /// Asks the processor to load where a device's links are ...
    void PrefetchIndex(DeviceId d) const
    {
        __builtin_prefetch(&m_index[Index(d) / BLOCK]);
    }

    /// ... and, once that is there, the links.
    void Prefetch(DeviceId d) const
    {
        const uint8_t* place = m_bytes.data() + size_t{BeginOf(Index(d))} * m_width;
        __builtin_prefetch(place);
        __builtin_prefetch(place + 23); // eight links can lie in two cache lines
    }

    size_t MemoryBytes() const
    {
        return m_index.capacity() * sizeof(IndexBlock) + m_bytes.capacity();
    }

    /// Largest number of links that the table can keep for a device.
    static constexpr uint32_t MOST_LINKS = 36;

  private:
    static constexpr size_t BLOCK = 8;

    /// Number of the first link of eight devices.
    struct IndexBlock
    {
        uint32_t first{0};
        std::array<uint8_t, BLOCK> offset{};
    };

    static_assert(MOST_LINKS * (BLOCK - 1) <= UINT8_MAX);

    uint32_t BeginOf(size_t device) const
    {
        const auto& block = m_index[device / BLOCK];
        return block.first + block.offset[device % BLOCK];
    }

    std::vector<IndexBlock> m_index; ///< one entry more than devices, so that each has an end
    std::vector<uint8_t> m_bytes;    ///< LinkRow::Pack, least byte first, and 4 bytes to read over
    uint8_t m_width{4};              ///< bytes a link
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_LINK_TABLE_H
