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

/// @return the name under which this process writes a file until it is whole: beside it, with
/// `.partial-<process number>` at the end.
std::filesystem::path PartialNameOf(const std::filesystem::path& file);

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
 * @param file where it shall stand; a plain file there is replaced.
 * @param bytes its content.
 * @throw DatabaseError, and then `file` is as before: it cannot be written, or it is a database, a
 *        folder or a device.
 */
void WriteDurably(const std::filesystem::path& file, std::string_view bytes);

/**
 * A file that is written bit by bit under its partial name. It goes with the object unless it was
 * published. It does not write: the owner opens GetPath().
 */
class PartialFile
{
  public:
    /**
     * @param file where the whole file shall stand; a plain file there is replaced.
     * @throw DatabaseError if a database, a folder or a device stands there.
     */
    explicit PartialFile(std::filesystem::path file);
    ~PartialFile();
    PartialFile(const PartialFile&) = delete;
    PartialFile& operator=(const PartialFile&) = delete;

    /// @return where to write until the file is whole.
    const std::filesystem::path& GetPath() const;

    /// Gives the closed file its final name, as PublishDurably().
    void Publish() const;

  private:
    std::filesystem::path m_file;    ///< final name
    std::filesystem::path m_partial; ///< name until then
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_RECORD_DURABLE_FILE_H
