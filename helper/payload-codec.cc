// SPDX-License-Identifier: GPL-2.0-only
#include "helper/payload-codec.h"

#include <algorithm>
#include <bit>
#include <memory>
#include <stdexcept>
#include <string>
#include <zstd.h>

namespace ns3::iotfleet
{

namespace
{

constexpr int LEVEL = 19;

struct ContextFreer
{
    void operator()(ZSTD_CCtx* context) const
    {
        ZSTD_freeCCtx(context);
    }
};

size_t
Checked(size_t result)
{
    if (ZSTD_isError(result) != 0U)
    {
        throw std::runtime_error(std::string("Zstandard: ") + ZSTD_getErrorName(result));
    }
    return result;
}

} // namespace

std::vector<uint8_t>
MakeDelta(std::span<const uint8_t> image, std::span<const uint8_t> source)
{
    const std::unique_ptr<ZSTD_CCtx, ContextFreer> context(ZSTD_createCCtx());
    Checked(ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, LEVEL));
    if (!source.empty())
    {
        // The window has to reach back over all of the source, wherever in the image one is.
        const auto limits = ZSTD_cParam_getBounds(ZSTD_c_windowLog);
        const auto window = static_cast<int>(std::bit_width(source.size() + image.size()));
        Checked(ZSTD_CCtx_setParameter(context.get(),
                                       ZSTD_c_windowLog,
                                       std::clamp(window, limits.lowerBound, limits.upperBound)));
        Checked(ZSTD_CCtx_setParameter(context.get(), ZSTD_c_enableLongDistanceMatching, 1));
        Checked(ZSTD_CCtx_refPrefix(context.get(), source.data(), source.size()));
    }
    std::vector<uint8_t> delta(ZSTD_compressBound(image.size()));
    delta.resize(Checked(
        ZSTD_compress2(context.get(), delta.data(), delta.size(), image.data(), image.size())));
    return delta;
}

std::vector<uint8_t>
CompressImage(std::span<const uint8_t> image)
{
    return MakeDelta(image, {});
}

std::string
ZstdVersion()
{
    return ZSTD_versionString();
}

} // namespace ns3::iotfleet
