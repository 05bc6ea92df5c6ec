// SPDX-License-Identifier: GPL-2.0-only
#include "model/update/binary-kernel.h"

#include <bit>
#include <gtest/gtest.h>
#include <random>

namespace
{

using namespace ns3::iotfleet;

using Matrix = std::vector<std::vector<bool>>; ///< by column

/** Rank by the schoolbook method. */
size_t
RankOf(Matrix columns)
{
    size_t rank = 0;
    const size_t rows = columns.empty() ? 0 : columns.front().size();
    for (size_t row = 0; row < rows; ++row)
    {
        size_t pivot = rank;
        while (pivot < columns.size() && !columns[pivot][row])
        {
            ++pivot;
        }
        if (pivot == columns.size())
        {
            continue;
        }
        std::swap(columns[rank], columns[pivot]);
        for (size_t other = rank + 1; other < columns.size(); ++other)
        {
            for (size_t r = 0; columns[other][row] && r < rows; ++r)
            {
                // Row `row` itself last, as it decides.
                const size_t at = r + 1 == rows ? row : (r < row ? r : r + 1);
                columns[other][at] = columns[other][at] != columns[rank][at];
            }
        }
        ++rank;
    }
    return rank;
}

void
Check(const Matrix& columns, size_t words)
{
    BinaryKernel kernel;
    kernel.Reset(columns.size(), words);
    for (size_t c = 0; c < columns.size(); ++c)
    {
        for (size_t r = 0; r < columns[c].size(); ++r)
        {
            kernel.Column(c)[r / 64] |= uint64_t{columns[c][r]} << (r % 64);
        }
    }
    const uint32_t dimension = kernel.Solve();
    ASSERT_EQ(dimension, columns.size() - RankOf(columns));
    Matrix basis;
    for (uint32_t i = 0; i < dimension; ++i)
    {
        std::vector<uint64_t> vector((columns.size() + 63) / 64);
        kernel.Vector(i, vector);
        std::vector<bool> sum(64 * words);
        auto& bits = basis.emplace_back(columns.size());
        for (size_t c = 0; c < columns.size(); ++c)
        {
            bits[c] = (vector[c / 64] >> (c % 64) & 1) != 0;
            for (size_t r = 0; bits[c] && r < columns[c].size(); ++r)
            {
                sum[r] = sum[r] != columns[c][r];
            }
        }
        EXPECT_EQ(std::count(sum.begin(), sum.end(), true), 0) << "vector " << i;
    }
    EXPECT_EQ(RankOf(basis), dimension);
}

TEST(BinaryKernelTest, AgreesWithTheSchoolbook)
{
    std::mt19937 random(3);
    for (const auto& [columns, rows, ones] : {std::tuple{1, 1, 2},
                                              {5, 64, 2},
                                              {40, 30, 2},
                                              {64, 64, 2},
                                              {65, 70, 2},
                                              {130, 128, 2},
                                              {130, 140, 8},
                                              {200, 250, 3}})
    {
        for (int trial = 0; trial < 5; ++trial)
        {
            Matrix matrix(static_cast<size_t>(columns),
                          std::vector<bool>(static_cast<size_t>(rows)));
            for (auto& column : matrix)
            {
                std::generate(column.begin(), column.end(), [&] {
                    return random() % static_cast<uint32_t>(ones) == 0;
                });
            }
            Check(matrix, (static_cast<size_t>(rows) + 63) / 64);
        }
    }
}

TEST(BinaryKernelTest, EveryColumnOfNothingDepends)
{
    Check(Matrix(3, std::vector<bool>(0)), 0);
    Check(Matrix(4, std::vector<bool>(64)), 1);
}

} // namespace
