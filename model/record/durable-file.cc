// SPDX-License-Identifier: GPL-2.0-only
#include "model/record/durable-file.h"

#include "model/record/file-kind.h"
#include "model/record/results-database.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace ns3::iotfleet
{

namespace
{

std::string
Errno(const std::string& action, const std::filesystem::path& file)
{
    return file.string() + ": cannot " + action + ": " + std::strerror(errno);
}

void
Flush(const std::filesystem::path& path)
{
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
    {
        throw DatabaseError(Errno("open", path));
    }
    const int result = ::fsync(fd);
    const int reason = errno;
    ::close(fd);
    // Some file systems cannot flush folders; the data itself is already safe then.
    if (result != 0 && reason != EINVAL)
    {
        errno = reason;
        throw DatabaseError(Errno("flush to the disk", path));
    }
}

void
FlushAndRename(const std::filesystem::path& partial, const std::filesystem::path& file)
{
    Flush(partial);
    if (::rename(partial.c_str(), file.c_str()) != 0)
    {
        throw DatabaseError(Errno("be given its final name " + file.string(), partial));
    }
}

} // namespace

std::filesystem::path
PartialNameOf(const std::filesystem::path& file)
{
    return file.string() + ".partial-" + std::to_string(::getpid());
}

void
PublishDurably(const std::filesystem::path& partial, const std::filesystem::path& file)
{
    try
    {
        FlushAndRename(partial, file);
    }
    catch (const DatabaseError&)
    {
        std::error_code ignored;
        std::filesystem::remove(partial, ignored);
        throw;
    }
    FlushFolder(file.parent_path());
}

void
FlushFolder(const std::filesystem::path& folder)
{
    Flush(folder.empty() ? std::filesystem::path(".") : folder);
}

void
WriteDurably(const std::filesystem::path& file, std::string_view bytes)
{
    const PartialFile partial(file);
    errno = 0;
    std::ofstream stream(partial.GetPath(), std::ios::binary | std::ios::trunc);
    stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    stream.close();
    if (!stream)
    {
        throw DatabaseError(Errno("write it", file));
    }
    partial.Publish();
}

PartialFile::PartialFile(std::filesystem::path file)
    : m_file(std::move(file)),
      m_partial(PartialNameOf(m_file))
{
    const std::string found = FoundInsteadOfText(m_file);
    if (!found.empty())
    {
        throw DatabaseError(m_file.string() + ": is " + found +
                            "; it is left as it is, choose another name");
    }
}

PartialFile::~PartialFile()
{
    std::error_code ignored;
    std::filesystem::remove(m_partial, ignored);
}

const std::filesystem::path&
PartialFile::GetPath() const
{
    return m_partial;
}

void
PartialFile::Publish() const
{
    PublishDurably(m_partial, m_file);
}

} // namespace ns3::iotfleet
