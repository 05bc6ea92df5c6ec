// SPDX-License-Identifier: GPL-2.0-only

#include "helper/units.h"

#include <gtest/gtest.h>

namespace
{

using namespace ns3::iotfleet;

TEST(Units, ReadsEverySymbol)
{
    EXPECT_EQ(ParseQuantity(UnitKind::DURATION, "90 s"), 90);
    EXPECT_EQ(ParseQuantity(UnitKind::DURATION, "20 ms"), 0.02);
    EXPECT_EQ(ParseQuantity(UnitKind::DURATION, "35 ms"), 0.035);
    EXPECT_EQ(ParseQuantity(UnitKind::DURATION, "10 min"), 600);
    EXPECT_EQ(ParseQuantity(UnitKind::DURATION, "2 h"), 7200);
    EXPECT_EQ(ParseQuantity(UnitKind::DURATION, "7 d"), 604800);
    EXPECT_EQ(ParseQuantity(UnitKind::SIZE, "100 kB"), 100000);
    EXPECT_EQ(ParseQuantity(UnitKind::SIZE, "256 KiB"), 262144);
    EXPECT_EQ(ParseQuantity(UnitKind::POWER_DBM, "-3.5 dBm"), -3.5);
    EXPECT_EQ(ParseQuantity(UnitKind::GAIN, "2.15 dBi"), 2.15);
    EXPECT_EQ(ParseQuantity(UnitKind::GAIN, "3 dB"), 3);
    EXPECT_EQ(ParseQuantity(UnitKind::DATA_RATE, "1 Mbps"), 1e6);
    EXPECT_EQ(ParseQuantity(UnitKind::FREQUENCY, "50 /s"), 50);
    EXPECT_EQ(ParseQuantity(UnitKind::FREQUENCY, "90 /min"), 1.5);
    EXPECT_EQ(ParseQuantity(UnitKind::LENGTH, "3 km"), 3000);
    EXPECT_EQ(ParseQuantity(UnitKind::CURRENT, "7.9 mA"), 0.0079);
    EXPECT_EQ(ParseQuantity(UnitKind::CURRENT, "1.7 uA"), 1.7e-6);
    EXPECT_EQ(ParseQuantity(UnitKind::VOLTAGE, "3 V"), 3);
    EXPECT_EQ(ParseQuantity(UnitKind::ENERGY, "10 kJ"), 10000);
    EXPECT_EQ(ParseQuantity(UnitKind::ENERGY, "9 Wh"), 32400);
    EXPECT_EQ(ParseQuantity(UnitKind::CHARGE, "2400 mAh"), 8640);
    EXPECT_EQ(ParseQuantity(UnitKind::DRIFT, "20 ppm"), 20);
}

TEST(Units, AcceptsAnyBlanksAndExponents)
{
    EXPECT_EQ(ParseQuantity(UnitKind::DURATION, "90s"), 90);
    EXPECT_EQ(ParseQuantity(UnitKind::DURATION, "1e3 s"), 1000);
    EXPECT_EQ(ParseQuantity(UnitKind::DURATION, ".5  h"), 1800);
}

TEST(Units, RefusesEverythingElse)
{
    for (const char* text : {"",
                             "s",
                             "90",
                             "90 sec",
                             "90 S",
                             "ninety s",
                             "90 s ",
                             " 90 s",
                             "1 h 30 min",
                             "inf s",
                             "nan s",
                             "1e999 s",
                             "90 B",
                             "0x10 s"})
    {
        EXPECT_FALSE(ParseQuantity(UnitKind::DURATION, text)) << text;
    }
    EXPECT_FALSE(ParseQuantity(UnitKind::SIZE, "1 kb"));
    EXPECT_FALSE(ParseQuantity(UnitKind::POWER_DBM, "14 dB"));
    EXPECT_FALSE(ParseQuantity(UnitKind::DURATION, "1e308 d")); // overflows
}

TEST(Units, WritesTheShortestText)
{
    EXPECT_EQ(FormatQuantity(UnitKind::DURATION, 0), "0 s");
    EXPECT_EQ(FormatQuantity(UnitKind::DURATION, 86400), "1 d");
    EXPECT_EQ(FormatQuantity(UnitKind::DURATION, 5400), "1.5 h");
    EXPECT_EQ(FormatQuantity(UnitKind::DURATION, 0.02), "20 ms");
    EXPECT_EQ(FormatQuantity(UnitKind::SIZE, 51), "51 B");
    EXPECT_EQ(FormatQuantity(UnitKind::SIZE, 262144), "256 KiB");
    EXPECT_EQ(FormatQuantity(UnitKind::GAIN, 2.15), "2.15 dBi");
    EXPECT_EQ(FormatQuantity(UnitKind::CURRENT, 0.0079), "7.9 mA");
    EXPECT_EQ(FormatQuantity(UnitKind::LENGTH, -50.5), "-50.5 m");
}

TEST(Units, WritesWhatReadsBackTheSame)
{
    double value = 1e-7;
    for (int i = 0; i < 500; ++i)
    {
        value *= 1.0917; // odd mantissas over 19 decades
        for (const UnitKind kind : {UnitKind::DURATION, UnitKind::CURRENT, UnitKind::LENGTH})
        {
            EXPECT_EQ(ParseQuantity(kind, FormatQuantity(kind, value)), value);
        }
    }
}

TEST(Units, ReadsNumbersAndPercentages)
{
    EXPECT_EQ(ParseNumber("-2.5"), -2.5);
    EXPECT_FALSE(ParseNumber(""));
    EXPECT_FALSE(ParseNumber("2.5 "));
    EXPECT_FALSE(ParseNumber("2.5x"));
    EXPECT_EQ(ParsePercentage("10 %"), 0.1);
    EXPECT_EQ(ParsePercentage("0.1%"), 0.001);
    EXPECT_FALSE(ParsePercentage("10"));
    EXPECT_EQ(FormatNumber(1e20), "100000000000000000000");
    EXPECT_EQ(FormatNumber(0.1), "0.1");
}

} // namespace
