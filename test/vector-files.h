// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_TEST_VECTOR_FILES_H
#define IOTFLEET_TEST_VECTOR_FILES_H

#include "test/test-support.h"

/**
 * @file
 * @ingroup iotfleet-test
 * Where test vectors are found.
 */
namespace ns3::iotfleet::test
{

/**
 * Every copy of a set of test vectors: the one in this project (test/data) and, where it is there,
 * the one in the shared material (vectors), which may hold more cases. A file that stands in both
 * with the same content is given once; the project's own come first.
 * @param relative a file, or a folder that is searched with all folders below it
 * @param extension of the files that count in a folder
 * @return absolute paths in a fixed order; empty if there is none
 */
std::vector<std::filesystem::path> VectorFiles(std::string_view relative,
                                               std::string_view extension = ".json");

} // namespace ns3::iotfleet::test

namespace ns3::iotfleet
{
using test::VectorFiles;
} // namespace ns3::iotfleet

#endif // IOTFLEET_TEST_VECTOR_FILES_H
