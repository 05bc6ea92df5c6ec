// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_IMPORT_SOURCE_H
#define IOTFLEET_HELPER_IMPORT_SOURCE_H

#include "helper/scenario-json.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/**
 * @file
 * @ingroup iotfleet-helper
 * What all importers of foreign rollout configurations share: reading with good errors, and a
 * record of what became of each field.
 */

namespace ns3::iotfleet
{

/** What became of one field of the imported file. */
enum class ImportFate : uint8_t
{
    HONOURED, //!< the scenario says the same
    DIFFERS,  //!< the scenario says something near; the text tells the difference
    IGNORED,  //!< the simulation has no counterpart, or the importer does not know the field
};

/** One line of the explanation. */
struct ImportNote
{
    std::string field; //!< JSON pointer in the imported file
    ImportFate fate{ImportFate::IGNORED};
    std::string text; //!< plain words: where it went, how it differs, or why it has no place
};

/**
 * The imported document. Every field that is read has to be explained by a note; what nobody has
 * asked for is reported as unknown, so that nothing of a policy is lost silently.
 */
class ImportSource
{
  public:
    /**
     * @param file name for messages
     * @param document the file's content
     */
    ImportSource(std::string file, ScenarioJson document);

    /** @return the value at a pointer, or null where the document has none */
    const ScenarioJson* Find(const std::string& pointer) const;

    /** @name A value of the document, or nothing where it is absent or null. One of another type or
     * out of range is complained of, and nothing as well. */
    ///@{
    std::optional<double> Number(const std::string& pointer, double least, double most) const;
    std::optional<uint32_t> Count(const std::string& pointer) const;
    std::optional<std::string> Text(const std::string& pointer) const;
    std::optional<bool> Flag(const std::string& pointer) const;
    /// A percentage as a number, "80" or "80%"; the result is a share, 0 to 1.
    std::optional<double> Percentage(const std::string& pointer) const;
    /// How many items an array has; 0 where it is absent.
    std::size_t Items(const std::string& pointer) const;
    ///@}

    /** Says what became of a field that the document has (no note otherwise). */
    void Note(const std::string& pointer, ImportFate fate, const std::string& text);

    /** A text that becomes `/key` of the scenario as it is; nothing where the document has none. */
    void Keep(const std::string& pointer, ScenarioJson& scenario, const std::string& key);

    /** A field of the format that has no counterpart, and why. */
    void Ignore(const std::string& pointer, const std::string& why);

    /** Remembers what is wrong with a place, the first complaint of each. */
    void Complain(const std::string& pointer, const std::string& message) const;

    /** @throws ScenarioError about this place and all complaints so far */
    [[noreturn]] void Refuse(const std::string& pointer, const std::string& message) const;

    /** @throws ScenarioError about all complaints, if there are any */
    void RefuseIfWrong() const;

    /** @return all notes, and one for each field that was never explained */
    std::vector<ImportNote> Explain() const;

  private:
    void CollectUnknown(const std::string& pointer,
                        const ScenarioJson& value,
                        std::vector<ImportNote>& notes) const;

    std::string m_file;
    ScenarioJson m_document;
    std::vector<ImportNote> m_notes;
    std::set<std::string> m_explained;                 //!< pointers that have a note
    mutable std::vector<ScenarioProblem> m_complaints; //!< reading is const, and goes on
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_IMPORT_SOURCE_H
