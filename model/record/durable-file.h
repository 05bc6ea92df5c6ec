// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_RECORD_DURABLE_FILE_H
#define IOTFLEET_RECORD_DURABLE_FILE_H

#include <filesystem>
#include <string_view>

/**
 * @file
 * Files that are there whole or not at all, whatever is killed and whenever the power goes.
 */
namespace ns3::iotfleet
{

/**
 * Flushes a finished file to the disk and gives it its final name in one step, replacing what had
 * that name. The folder is flushed too, so that the name itself survives a power cut.
 *
 * @param partial the finished file, in the same folder as `file`; removed when this fails.
 * @param file its final name.
 * @throw DatabaseError that names the file and the system's reason, and then `file` is as before.
 */
void PublishDurably(const std::filesystem::path& partial, const std::filesystem::path& file);

/**
 * Flushes a folder, so that the names in it survive a power cut.
 *
 * @param folder empty: the current one
 * @throw DatabaseError that names the folder and the system's reason.
 */
void FlushFolder(const std::filesystem::path& folder);

/**
 * Writes a whole file under a name of this process and publishes it.
 *
 * @param file where it shall stand.
 * @param bytes its content.
 * @throw DatabaseError, and then `file` is as before.
 */
void WriteDurably(const std::filesystem::path& file, std::string_view bytes);

} // namespace ns3::iotfleet

#endif // IOTFLEET_RECORD_DURABLE_FILE_H
