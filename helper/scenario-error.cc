// SPDX-License-Identifier: GPL-2.0-only

#include "helper/scenario-error.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

namespace ns3::iotfleet
{

namespace
{

/** One line for each problem, and for a file with very many a last one instead of the rest. */
std::string
JoinLines(const std::vector<ScenarioProblem>& problems)
{
    constexpr std::size_t MOST = 20; // of one file
    std::map<std::string, std::size_t> counts;
    std::string text;
    const auto add = [&text](const std::string& line) {
        text.append(text.empty() ? "" : "\n").append(line);
    };
    for (const ScenarioProblem& problem : problems)
    {
        if (++counts[problem.file] <= MOST)
        {
            add(FormatProblem(problem));
        }
    }
    for (const auto& [file, count] : counts)
    {
        if (count > MOST)
        {
            add(file + ": and " + std::to_string(count - MOST) + " more");
        }
    }
    return text;
}

/** Levenshtein distance with one row of memory. */
std::size_t
EditDistance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i)
    {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j)
        {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row.back();
}

} // namespace

std::string
FormatProblem(const ScenarioProblem& problem)
{
    const std::string place = problem.where.empty() ? "" : problem.where + ": ";
    return problem.file + ": " + place + problem.message;
}

ScenarioError::ScenarioError(std::vector<ScenarioProblem> problems)
    : std::runtime_error(JoinLines(problems)),
      m_problems(std::move(problems))
{
}

const std::vector<ScenarioProblem>&
ScenarioError::GetProblems() const
{
    return m_problems;
}

RowProblems::RowProblems(std::vector<ScenarioProblem>& problems)
    : m_problems(problems)
{
}

void
RowProblems::Add(const ScenarioProblem& problem, const std::string& cause)
{
    const auto [at, isNew] = m_firsts.try_emplace(cause, First{m_problems.size(), problem.message});
    if (isNew)
    {
        m_problems.push_back(problem);
        return;
    }
    const std::size_t others = at->second.rows++;
    m_problems[at->second.index].message = at->second.message + " (and " + std::to_string(others) +
                                           (others == 1 ? " more row" : " more rows") +
                                           " like this)";
}

std::string
SuggestWord(std::string_view word, const std::vector<std::string>& accepted)
{
    std::string best;
    std::size_t bestDistance = std::max<std::size_t>(1, word.size() / 3) + 1;
    for (const std::string& candidate : accepted)
    {
        const std::size_t distance = EditDistance(word, candidate);
        if (distance < bestDistance)
        {
            bestDistance = distance;
            best = candidate;
        }
    }
    return best;
}

std::string
JoinWords(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& word : words)
    {
        text.append(text.empty() ? "" : ", ").append(word);
    }
    return text;
}

std::string
ExpectOneOf(const std::string& name, const std::vector<std::string>& names, const std::string& what)
{
    if (std::find(names.begin(), names.end(), name) != names.end())
    {
        return {};
    }
    const std::string near = SuggestWord(name, names);
    return "found \"" + name + "\", expected " + what + ": " +
           (names.empty() ? "(there is none)" : JoinWords(names)) +
           (near.empty() ? "" : "; did you mean \"" + near + "\"?");
}

} // namespace ns3::iotfleet
