// SPDX-License-Identifier: GPL-2.0-only

// Compressed images and deltas: that they can be undone, and what they save on the air.

#include "helper/payload-codec.h"
#include "test/test-support-run.h"

#include <gtest/gtest.h>
#include <random>
#include <zstd.h>

namespace
{

using namespace ns3::iotfleet;

/** Bytes that look like code: words of a small vocabulary. */
std::vector<uint8_t>
MakeCode(size_t words, unsigned seed)
{
    std::mt19937 random(seed);
    std::vector<uint8_t> code;
    for (size_t i = 0; i < words; ++i)
    {
        const auto word = static_cast<uint32_t>(0x46C04770U + (random() % 64) * 0x01010000U);
        for (int shift = 0; shift < 32; shift += 8)
        {
            code.push_back(static_cast<uint8_t>(word >> shift));
        }
    }
    return code;
}

/** Undoes a delta with the library's decoder. */
std::vector<uint8_t>
Unpack(const std::vector<uint8_t>& packed, const std::vector<uint8_t>& source, size_t size)
{
    ZSTD_DCtx* context = ZSTD_createDCtx();
    ZSTD_DCtx_setParameter(context,
                           ZSTD_d_windowLogMax,
                           ZSTD_dParam_getBounds(ZSTD_d_windowLogMax).upperBound);
    if (!source.empty())
    {
        ZSTD_DCtx_refPrefix(context, source.data(), source.size());
    }
    std::vector<uint8_t> image(size);
    const size_t got =
        ZSTD_decompressDCtx(context, image.data(), image.size(), packed.data(), packed.size());
    EXPECT_EQ(ZSTD_isError(got), 0U) << ZSTD_getErrorName(got);
    EXPECT_EQ(got, size);
    ZSTD_freeDCtx(context);
    return image;
}

TEST(PayloadCodec, CompressedImagesUnpackToThemselves)
{
    const auto image = MakeCode(5000, 1);
    const auto packed = CompressImage(image);
    EXPECT_LT(packed.size(), image.size() / 2);
    EXPECT_EQ(Unpack(packed, {}, image.size()), image);
}

TEST(PayloadCodec, DeltasUnpackWithTheirSourceAndAreSmall)
{
    const auto source = MakeCode(5000, 1);
    auto image = source;
    const auto patch = MakeCode(100, 2);
    image.insert(image.begin() + 7000, patch.begin(), patch.end());
    image[12000] ^= 0x55;
    const auto delta = MakeDelta(image, source);
    EXPECT_EQ(Unpack(delta, source, image.size()), image);
    EXPECT_LT(delta.size(), patch.size() + 100) << "little more than what is new";
    EXPECT_LT(delta.size(), CompressImage(image).size() / 4);
}

/** Forty devices of two versions near one gateway. */
constexpr const char* TWO_VERSIONS = R"({
  "schema": 1, "name": "two-versions", "seed": 5, "duration": "4 d",
  "stop": { "when": "rollout-finished" },
  "fleet": { "groups": [
    { "name": "old", "count": 30, "firmware": "1.0.0", "activated": true, "data_rate": 5,
      "clock_drift": "0 ppm", "placement": { "kind": "point", "center": { "x": "50 m", "y": "0 m" } },
      "telemetry": { "period": "10 min", "size": "12 B", "pause_in_session": true } },
    { "name": "newer", "count": 10, "firmware": "1.0.1", "activated": true, "data_rate": 5,
      "clock_drift": "0 ppm", "placement": { "kind": "point", "center": { "x": "50 m", "y": "0 m" } },
      "telemetry": { "period": "10 min", "size": "12 B", "pause_in_session": true } } ] },
  "access": { "lorawan": { "adr": false, "device_duty_cycle": false, "backhaul_model": "delay",
    "gateways": [ { "name": "mast", "x": "0 m", "y": "0 m", "z": "10 m" } ] } },
  "firmware": { "images": [ { "version": "1.1.0", "size": "20000 B", "manifest": false } ] },
  "distribution": { "data_rate": 5, "redundancy": 0, "fragment_size": "200 B" },
  "rollout": { "start": "1 h", "waves": [ { "share": 1 } ] }
})";

TEST(Payload, FullImageIsOneSessionForAllVersions)
{
    const auto run = WholeRun::OfText(TWO_VERSIONS);
    ExpectAllUpdated(run);
    EXPECT_EQ(run.Column("SELECT fragments_sent - fragments_repair FROM session"),
              std::vector<double>{100});
}

TEST(Payload, EachVersionGetsADeltaSessionOfItsOwn)
{
    const auto run =
        WholeRun::OfText(TWO_VERSIONS, {R"(/firmware/payload={"kind":"delta","delta_ratio":0.1})"});
    ExpectAllUpdated(run);
    EXPECT_EQ(run.Column("SELECT fragments_sent - fragments_repair FROM session ORDER BY devices"),
              (std::vector<double>{10, 10}));
    EXPECT_EQ(run.Column("SELECT devices FROM session ORDER BY devices"),
              (std::vector<double>{10, 30}));
}

TEST(Payload, OtherVersionsGetWhatTheScenarioSays)
{
    const auto run =
        WholeRun::OfText(TWO_VERSIONS,
                         {R"(/firmware/payload={"kind":"delta","delta_ratio":0.1,"from":["1.0.0"],)"
                          R"("otherwise":"compressed","compressed_ratio":0.6})"});
    ExpectAllUpdated(run);
    EXPECT_EQ(run.Column("SELECT fragments_sent - fragments_repair FROM session ORDER BY devices"),
              (std::vector<double>{60, 10}))
        << "ten devices of 1.0.1 get 12,000 B, thirty of 1.0.0 get 2,000 B";
}

TEST(Payload, SessionsThatStillRunAtTheEndAreRecorded)
{
    const auto run = WholeRun::OfText(TWO_VERSIONS,
                                      {R"(/firmware/payload={"kind":"delta","delta_ratio":0.1})",
                                       "/duration=\"65 min\"",
                                       "/stop/when=duration"});
    EXPECT_EQ(run.Column("SELECT session_id FROM session ORDER BY 1"), (std::vector<double>{0, 1}));
}

TEST(Payload, AllFormsEndInTheSameFirmware)
{
    const auto run =
        WholeRun::OfText(TWO_VERSIONS,
                         {R"(/firmware/payload={"kind":"compressed","compressed_ratio":0.5})"});
    ExpectAllUpdated(run);
    EXPECT_EQ(run.Number("SELECT count(*) FROM device WHERE firmware = '1.1.0'"), 40);
}

} // namespace
