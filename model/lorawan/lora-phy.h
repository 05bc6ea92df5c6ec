// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_LORAWAN_LORA_PHY_H
#define IOTFLEET_LORAWAN_LORA_PHY_H

#include "model/fleet/counter-random.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>

/**
 * @file
 * What a LoRa receiver needs: noise, SNR floors, isolation between spreading factors, fading.
 */
namespace ns3::iotfleet
{

inline constexpr uint8_t MIN_SF = 7;
inline constexpr uint8_t MAX_SF = 12;
inline constexpr size_t SF_COUNT = MAX_SF - MIN_SF + 1;

/// Packets that a gateway's concentrator demodulates at once (SX1301).
inline constexpr uint8_t GATEWAY_DEMODULATORS = 8;

/// Lowest SNR at which SF7..SF12 are demodulated, dB (Semtech SX1276/SX1262 data sheets).
inline constexpr std::array<double, SF_COUNT> SNR_FLOOR_DB{-7.5, -10, -12.5, -15, -17.5, -20};

/**
 * Signal-to-interference ratio that a frame needs, dB: row = wanted SF7..12, column = interferer
 * (Goursaud and Gorce, "Dedicated networks for IoT", 2015, as used by signetlabdei/lorawan).
 */
inline constexpr std::array<std::array<double, SF_COUNT>, SF_COUNT> SIR_FLOOR_DB{{
    {6, -16, -18, -19, -19, -20},
    {-24, 6, -20, -22, -22, -22},
    {-27, -27, 6, -23, -25, -25},
    {-30, -30, -30, 6, -26, -28},
    {-33, -33, -33, -33, 6, -29},
    {-36, -36, -36, -36, -36, 6},
}};

/// Small-scale variation from frame to frame.
enum class Fading : uint8_t
{
    NONE,
    GAUSSIAN, ///< normal in dB
    RAYLEIGH, ///< exponential power, mean 1
};

inline constexpr std::array<std::string_view, 3> FADING_NAMES{"none", "gaussian", "rayleigh"};

/// Thermal noise in `bandwidthHz` plus the receiver's noise figure, dBm.
inline double
NoiseDbm(double bandwidthHz, double noiseFigureDb)
{
    return -174 + 10 * std::log10(bandwidthHz) + noiseFigureDb;
}

/// SNR floor of a spreading factor, dB.
constexpr double
SnrFloorDb(uint8_t spreadingFactor)
{
    return SNR_FLOOR_DB[static_cast<size_t>(spreadingFactor - MIN_SF)];
}

/// dB to a ratio of powers.
inline double
FromDb(double db)
{
    return std::pow(10.0, db / 10);
}

/// The same in single precision, a few nanoseconds.
inline float
FromDbF(float db)
{
    return std::exp2(db * 0.33219281F); // log2(10) / 10
}

/// A ratio of powers to dB.
inline double
ToDb(double ratio)
{
    return 10 * std::log10(ratio);
}

/// Probability that a link `marginDb` above the floor in the mean is above it in one frame.
inline double
AboveFloorProbability(double marginDb, Fading fading, double fadingDb)
{
    switch (fading)
    {
    case Fading::GAUSSIAN:
        return fadingDb > 0 ? 0.5 * std::erfc(-marginDb / (fadingDb * std::numbers::sqrt2))
                            : (marginDb >= 0 ? 1.0 : 0.0);
    case Fading::RAYLEIGH:
        return std::exp(-FromDb(-marginDb));
    case Fading::NONE:
        break;
    }
    return marginDb >= 0 ? 1.0 : 0.0;
}

/// The fading that a block of random words stands for, dB.
inline double
FadeDb(Fading fading, double fadingDb, const CounterRandom::Block& words)
{
    switch (fading)
    {
    case Fading::GAUSSIAN:
        return fadingDb * CounterRandom::ToNormal(words);
    case Fading::RAYLEIGH:
        return ToDb(-std::log(1.0 - CounterRandom::ToUnit(words)));
    case Fading::NONE:
        break;
    }
    return 0;
}

} // namespace ns3::iotfleet

#endif // IOTFLEET_LORAWAN_LORA_PHY_H
