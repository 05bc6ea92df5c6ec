// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_SCENARIO_ERROR_H
#define IOTFLEET_HELPER_SCENARIO_ERROR_H

#include <cstddef>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/**
 * @file
 * @ingroup iotfleet-helper
 * What is wrong with a user's input, collected so that one reading reports all of it.
 */

namespace ns3::iotfleet
{

/** One fault of a scenario or of a file that it names. */
struct ScenarioProblem
{
    std::string file;    //!< as the user named it
    std::string where;   //!< JSON pointer, `LINE:COLUMN`, or `line N, column NAME`; may be empty
    std::string message; //!< what was found and what is accepted
    std::string list{};  //!< JSON pointer of the list in which a name was looked for; may be empty
};

/**
 * @param problem a fault
 * @return one line: `quickstart.json: /duration: found 3 (number), expected ...`
 */
std::string FormatProblem(const ScenarioProblem& problem);

/** A scenario that cannot be used, with every reason. It is the user's fault, never the program's.
 */
class ScenarioError : public std::runtime_error
{
  public:
    /** @param problems at least one */
    explicit ScenarioError(std::vector<ScenarioProblem> problems);

    /** @return all faults, in the order of the file */
    const std::vector<ScenarioProblem>& GetProblems() const;

  private:
    std::vector<ScenarioProblem> m_problems; //!< at least one
};

/** Adds problems of the rows of a table, and says once what many of them share. */
class RowProblems
{
  public:
    /** @param problems where they go; must outlive this object, and only grow meanwhile */
    explicit RowProblems(std::vector<ScenarioProblem>& problems);

    /**
     * @param problem of a row
     * @param cause what rows share that have the same fault, such as the column and the value
     */
    void Add(const ScenarioProblem& problem, const std::string& cause);

  private:
    /** The first row with a fault. */
    struct First
    {
        std::size_t index;   //!< in the problems
        std::string message; //!< its own
        std::size_t rows{1}; //!< with this fault so far
    };

    std::vector<ScenarioProblem>& m_problems;
    std::map<std::string, First> m_firsts; //!< by cause
};

/**
 * Finds the accepted word that a user may have meant.
 *
 * @param word what was written
 * @param accepted what may be written
 * @return the nearest by edit distance, empty when none is near
 */
std::string SuggestWord(std::string_view word, const std::vector<std::string>& accepted);

/**
 * @param name what was written
 * @param names what may be written
 * @param what what they are, such as "a gateway"
 * @return what to tell the user if `name` is none of them, with a suggestion; else empty
 */
std::string ExpectOneOf(const std::string& name,
                        const std::vector<std::string>& names,
                        const std::string& what);

/**
 * @param words any words
 * @return them separated by commas
 */
std::string JoinWords(const std::vector<std::string>& words);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_SCENARIO_ERROR_H
