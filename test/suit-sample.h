// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_TEST_SUIT_SAMPLE_H
#define IOTFLEET_TEST_SUIT_SAMPLE_H

#include "model/wire/suit.h"
#include "test/test-support.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

/**
 * @file
 * @ingroup iotfleet-test
 * What the examples of draft-ietf-suit-manifest (appendix B) are made for.
 */
namespace ns3::iotfleet::wire::suit
{

inline std::span<const uint8_t>
AsBytes(std::string_view text)
{
    return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

template <std::size_t N>
std::array<uint8_t, N>
ArrayFromHex(std::string_view hex)
{
    std::array<uint8_t, N> out{};
    const auto bytes = FromHex(hex);
    std::copy_n(bytes.begin(), N, out.begin());
    return out;
}

// The identities and the sample image of the draft's examples.
inline const Uuid VENDOR = ArrayFromHex<16>("fa6b4a53d5ad5fdfbe9de663e4d41ffe");
inline const Uuid CLASS = ArrayFromHex<16>("1492af1425695e48bf429b2d51f2ab45");
inline const Image FIRST_IMAGE{
    ArrayFromHex<32>("00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210"),
    34768};
inline const Image SECOND_IMAGE{
    ArrayFromHex<32>("0123456789abcdeffedcba987654321000112233445566778899aabbccddeeff"),
    76834};

inline DeviceIdentity
ExampleDevice()
{
    DeviceIdentity device;
    device.vendorId = VENDOR;
    device.classId = CLASS;
    return device;
}

} // namespace ns3::iotfleet::wire::suit

#endif // IOTFLEET_TEST_SUIT_SAMPLE_H
