// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_TEMPORARY_FOLDER_H
#define IOTFLEET_HELPER_TEMPORARY_FOLDER_H

#include <filesystem>

namespace ns3::iotfleet
{

/** A folder for files that nobody wants afterwards; it goes with the object. */
class TemporaryFolder
{
  public:
    /**
     * @param beside a file in whose folder it shall lie, so that files can be moved there; empty:
     *        among the system's temporary files
     * @throws std::runtime_error if it cannot be made
     */
    explicit TemporaryFolder(const std::filesystem::path& beside = {});

    /** Removes it with all that is in it; a file that cannot be removed stays. */
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    /** Removes it now, for programs that end without destructors. */
    void Remove() const;

    /** @return where it is */
    const std::filesystem::path& GetPath() const;

  private:
    std::filesystem::path m_path; //!< where it is
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_TEMPORARY_FOLDER_H
