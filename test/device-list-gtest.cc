// SPDX-License-Identifier: GPL-2.0-only
#include "model/fleet/device-list.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3::iotfleet;

void
ExpectPlaces(const std::vector<DeviceId>& devices, uint32_t end)
{
    const DeviceList list(devices);
    ASSERT_EQ(list.size(), devices.size());
    for (uint32_t d = 0; d < end; ++d)
    {
        const auto expected = std::find(devices.begin(), devices.end(), DeviceId{d});
        const auto place = list.IndexOf(DeviceId{d});
        ASSERT_EQ(place.has_value(), expected != devices.end()) << d;
        if (place)
        {
            EXPECT_EQ(*place, static_cast<uint32_t>(expected - devices.begin()));
        }
    }
}

TEST(DeviceListTest, FindsDevicesInRangesAndAmongGaps)
{
    ExpectPlaces({}, 3);
    ExpectPlaces({DeviceId{5}}, 8);
    ExpectPlaces({DeviceId{2}, DeviceId{3}, DeviceId{4}, DeviceId{5}}, 9);
    ExpectPlaces({DeviceId{0}, DeviceId{1}, DeviceId{3}, DeviceId{4}, DeviceId{20}}, 30);
    ExpectPlaces({DeviceId{1}, DeviceId{7}, DeviceId{8}, DeviceId{9}}, 12);
}

TEST(DeviceListTest, CopiesShareTheList)
{
    const DeviceList list(std::vector<DeviceId>(100, DeviceId{1}));
    const size_t alone = list.MemoryBytes();
    EXPECT_EQ(alone, 100 * sizeof(DeviceId));
    const DeviceList copy = list;
    EXPECT_EQ(copy.begin(), list.begin());
    EXPECT_EQ(list.MemoryBytes() + copy.MemoryBytes(), alone);
}

} // namespace
