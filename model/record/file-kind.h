// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_RECORD_FILE_KIND_H
#define IOTFLEET_RECORD_FILE_KIND_H

#include <filesystem>
#include <string>

/**
 * @file
 * What stands at a path, as far as somebody has to know who is about to write there.
 */
namespace ns3::iotfleet
{

/// What stands at a path; links are followed.
enum class FileKind
{
    ABSENT,
    RESULTS, ///< a results database of iot-fleet, of any version
    SQLITE,  ///< a database of another program
    FOLDER,
    SPECIAL, ///< a device, pipe or socket: renaming a file over it would destroy it
    PLAIN    ///< any other file, an unreadable one too
};

/// @return what stands at a path; reads at most 72 bytes and takes no lock.
FileKind LookAtFile(const std::filesystem::path& file);

/**
 * Whether a file of text may be written at a path, in place of what stands there.
 *
 * @return what stands there and must not be lost, such as "a results database"; empty where
 *         nothing does.
 */
std::string FoundInsteadOfText(const std::filesystem::path& file);

} // namespace ns3::iotfleet

#endif // IOTFLEET_RECORD_FILE_KIND_H
