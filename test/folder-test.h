// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_TEST_FOLDER_TEST_H
#define IOTFLEET_TEST_FOLDER_TEST_H

#include "helper/temporary-folder.h"

#include <filesystem>
#include <gtest/gtest.h>

namespace ns3::iotfleet::test
{

/// A test with a folder of its own, which goes with it.
class FolderTest : public testing::Test
{
  private:
    TemporaryFolder m_temporary;

  protected:
    const std::filesystem::path m_folder = m_temporary.GetPath();
};

} // namespace ns3::iotfleet::test

#endif // IOTFLEET_TEST_FOLDER_TEST_H
