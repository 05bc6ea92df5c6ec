// SPDX-License-Identifier: GPL-2.0-only
#include "model/fleet/timer-store.h"

namespace ns3::iotfleet
{

TimerStore::Bundle&
TimerStore::BundleFor(const Entry& entry)
{
    const bool isWide = entry.row >> (64 - TIME_BITS) != 0;
    for (auto& bundle : m_open)
    {
        if (bundle.isMixed || (!isWide && bundle.kind == entry.kind && bundle.tag == entry.tag))
        {
            return bundle;
        }
    }
    const bool isMixed = isWide || m_open.size() == BUNDLES;
    auto& bundle = m_open.emplace_back(Bundle{entry.kind, entry.tag, isMixed});
    bundle.words.reserve(FEW);
    return bundle;
}

size_t
TimerStore::MemoryBytes() const
{
    size_t bytes = (m_open.capacity() + m_full.capacity()) * sizeof(Bundle);
    for (const auto* bundles : {&m_open, &m_full})
    {
        for (const auto& bundle : *bundles)
        {
            bytes += bundle.words.capacity() * sizeof(uint64_t);
        }
    }
    return bytes;
}

} // namespace ns3::iotfleet
