// SPDX-License-Identifier: GPL-2.0-only

#include "cli/output-file.h"

#include "helper/scenario-error.h"

namespace ns3::iotfleet
{

void
RequireFolder(const char* option, const std::filesystem::path& file)
{
    const auto folder = file.parent_path();
    std::error_code ignored;
    if (!folder.empty() && !std::filesystem::is_directory(folder, ignored))
    {
        throw ScenarioError(
            {{option + (" " + file.string()),
              "",
              "found no folder " + folder.string() + ", expected one that exists"}});
    }
}

} // namespace ns3::iotfleet
