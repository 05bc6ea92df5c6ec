// SPDX-License-Identifier: GPL-2.0-only
#include "helper/fragment-source.h"

#include "helper/firmware-builder.h"
#include "model/wire/ts004-parity.h"

#include <algorithm>

namespace ns3::iotfleet
{

namespace
{

/// Fragment `index`, from 0, of a block; the last one is short.
std::span<const uint8_t>
Slice(std::span<const uint8_t> block, size_t index, size_t size)
{
    const size_t begin = std::min(index * size, block.size());
    return block.subspan(begin, std::min(size, block.size() - begin));
}

void
Add(std::vector<uint8_t>& sum, std::span<const uint8_t> slice)
{
    for (size_t i = 0; i < slice.size(); ++i)
    {
        sum[i] ^= slice[i];
    }
}

} // namespace

const std::vector<uint8_t>&
FragmentSource::Block(ImageId image)
{
    const auto [place, isNew] = m_blocks.try_emplace(image);
    auto& block = place->second;
    if (isNew)
    {
        const auto& known = m_catalog.Get(image);
        block = known.envelope;
        const auto& version = m_catalog.Get(m_catalog.Installs(image)).version;
        if (!known.transfer.empty())
        {
            block.insert(block.end(), known.transfer.begin(), known.transfer.end());
        }
        else if (const auto* spec = FindImageSpec(m_scenario, version))
        {
            // Of a payload of which only the size is known, any bytes will do: the image's first.
            const auto content = ImageContent(*spec);
            block.insert(block.end(), content.begin(), content.end());
            block.resize(known.PayloadBytes());
        }
    }
    return block;
}

std::vector<uint8_t>
FragmentSource::Fragment(const TransferContent& transfer, uint16_t n)
{
    const auto& block = Block(transfer.image);
    std::vector<uint8_t> fragment(transfer.fragSize, 0);
    if (n <= transfer.nbFrag)
    {
        Add(fragment, Slice(block, n - 1U, fragment.size()));
        return fragment;
    }
    const wire::ParityMatrix matrix(transfer.nbFrag, transfer.version);
    std::vector<uint64_t> row(matrix.WordsPerRow());
    matrix.Row(static_cast<uint32_t>(n - transfer.nbFrag), row);
    for (size_t i = 0; i < transfer.nbFrag; ++i)
    {
        if ((row[i / 64] >> (i % 64) & 1) != 0)
        {
            Add(fragment, Slice(block, i, fragment.size()));
        }
    }
    return fragment;
}

} // namespace ns3::iotfleet
