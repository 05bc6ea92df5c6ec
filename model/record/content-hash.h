// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_RECORD_CONTENT_HASH_H
#define IOTFLEET_RECORD_CONTENT_HASH_H

#include <filesystem>
#include <string>

namespace ns3::iotfleet
{

/// What ContentSha256() looks at.
enum class HashScope
{
    ALL,                 ///< every table
    WITHOUT_TRANSITIONS, ///< what does not depend on recording options: neither table `transition`
                         ///< nor the scenario's text and hash, which name those options
    BEHAVIOUR,           ///< what happened: neither the scenario's text and hash nor its `expect`
                         ///< block (table `expectation`) nor versions
};

/**
 * Hash of the content of a results database, for tests of determinism: equal scenarios and seeds
 * give equal hashes. It covers every row of every table in the order of the tables' keys, and
 * leaves out what depends on the machine and the clock: columns wall_s, peak_rss_bytes and
 * started_at of `run`, and the metrics wall_s and peak_rss_bytes.
 *
 * @param database a results database; read only.
 * @param scope what to look at.
 * @return 64 hexadecimal digits.
 * @throw DatabaseError if it cannot be read or is not a results database.
 */
std::string ContentSha256(const std::filesystem::path& database, HashScope scope = HashScope::ALL);

} // namespace ns3::iotfleet

#endif // IOTFLEET_RECORD_CONTENT_HASH_H
