// SPDX-License-Identifier: GPL-2.0-only
#include "model/fleet/device-list.h"

#include <algorithm>
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

TEST(DeviceListTest, KeepsRangesOrDevicesWhicheverIsSmaller)
{
    std::vector<DeviceId> everybody;
    std::vector<DeviceId> everySecond;
    for (uint32_t d = 0; d < 3000; ++d)
    {
        if (d % 100 != 7) // a few did not join
        {
            everybody.push_back(DeviceId{d});
        }
        if (d % 2 == 1)
        {
            everySecond.push_back(DeviceId{d});
        }
    }
    ExpectPlaces(everybody, 3002);
    ExpectPlaces(everySecond, 3002);
    const DeviceList ranges(everybody);
    const DeviceList devices(everySecond);
    EXPECT_TRUE(std::ranges::equal(ranges, everybody));
    EXPECT_TRUE(std::ranges::equal(devices, everySecond));
    EXPECT_LT(ranges.MemoryBytes(), 400U); // 31 ranges
    EXPECT_LT(devices.MemoryBytes(), everySecond.size() * sizeof(DeviceId) + 100);
}

TEST(DeviceListTest, CopiesShareTheList)
{
    std::vector<DeviceId> devices;
    for (uint32_t d = 0; d < 100; ++d)
    {
        devices.push_back(DeviceId{3 * d});
    }
    const DeviceList list(devices);
    const size_t alone = list.MemoryBytes();
    EXPECT_GE(alone, 100 * sizeof(DeviceId));
    const DeviceList copy = list;
    EXPECT_EQ(list.MemoryBytes() + copy.MemoryBytes(), alone);
    EXPECT_TRUE(std::ranges::equal(copy, devices));
}

} // namespace
