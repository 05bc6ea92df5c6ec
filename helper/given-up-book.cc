// SPDX-License-Identifier: GPL-2.0-only
#include "helper/given-up-book.h"

#include <algorithm>

namespace ns3::iotfleet
{

void
GivenUpBook::GiveUp(DeviceId device)
{
    const size_t row = Index(device);
    m_isGivenUp.resize(std::max(m_isGivenUp.size(), row + 1));
    m_isGivenUp[row] = true;
}

void
GivenUpBook::Believe(DeviceId device, double nowS)
{
    const size_t row = Index(device);
    if (row < m_isGivenUp.size() && m_isGivenUp[row])
    {
        m_isGivenUp[row] = false;
        m_corrections.push_back({static_cast<uint32_t>(device), nowS});
    }
}

} // namespace ns3::iotfleet
