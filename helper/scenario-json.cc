// SPDX-License-Identifier: GPL-2.0-only

#include "helper/scenario-json.h"

#include <algorithm>
#include <set>

namespace ns3::iotfleet
{

namespace
{

/** Follows the parser and notes keys that an object has twice. It does not build the tree. */
class DuplicateFinder
{
  public:
    explicit DuplicateFinder(std::string file)
        : m_file(std::move(file))
    {
    }

    /** nlohmann's parser callback. */
    bool Note(ScenarioJson::parse_event_t event, const ScenarioJson& parsed)
    {
        using Event = ScenarioJson::parse_event_t;
        switch (event)
        {
        case Event::object_start:
        case Event::array_start:
            m_levels.push_back({event == Event::array_start, 0, {}, {}});
            break;
        case Event::object_end:
        case Event::array_end:
            m_levels.pop_back();
            CountItem();
            break;
        case Event::key:
            NoteKey(parsed.get<std::string>());
            break;
        case Event::value:
            CountItem();
            break;
        }
        return true;
    }

    /** @return one problem a double key */
    const std::vector<ScenarioProblem>& GetProblems() const
    {
        return m_problems;
    }

  private:
    /** An object or array that is open. */
    struct Level
    {
        bool isArray;
        std::size_t index;
        std::string key;
        std::set<std::string> keys;
    };

    void CountItem()
    {
        if (!m_levels.empty() && m_levels.back().isArray)
        {
            ++m_levels.back().index;
        }
    }

    void NoteKey(const std::string& key)
    {
        Level& level = m_levels.back();
        level.key = key;
        if (level.keys.insert(key).second)
        {
            return;
        }
        std::string pointer;
        for (const Level& open : m_levels)
        {
            pointer = AppendPointer(pointer, open.isArray ? std::to_string(open.index) : open.key);
        }
        m_problems.push_back({m_file, pointer, "found the key twice, expected it once"});
    }

    std::string m_file;                      //!< name for messages
    std::vector<Level> m_levels;             //!< from the root to the innermost
    std::vector<ScenarioProblem> m_problems; //!< double keys found so far
};

/** Line and column, both from 1, of a byte. */
std::string
LineAndColumn(std::string_view text, std::size_t byte)
{
    const std::string_view before = text.substr(0, std::min(byte, text.size()));
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::size_t lineStart = before.rfind('\n') + 1; // npos + 1 is 0
    return std::to_string(line) + ":" + std::to_string(before.size() - lineStart + 1);
}

/** The parser's reason without its own prefix. */
std::string
SyntaxReason(std::string_view what)
{
    const std::string_view marker = "syntax error while ";
    const std::size_t at = what.find(marker);
    if (at != std::string_view::npos)
    {
        return "JSON syntax error while " + std::string(what.substr(at + marker.size()));
    }
    const std::size_t bracket = what.find("] ");
    return "JSON error: " +
           std::string(bracket == std::string_view::npos ? what : what.substr(bracket + 2));
}

/** The innermost place on the way to `pointer` that the scenario has. */
ScenarioJson::json_pointer
ExistingPlace(const ScenarioJson& tree, ScenarioJson::json_pointer pointer)
{
    while (!pointer.empty() && !tree.contains(pointer))
    {
        pointer.pop_back();
    }
    return pointer;
}

/**
 * Carries out one setting; returns what is wrong with it, if anything, and throws where the pointer
 * is none. Blocks that the scenario leaves out are made on the way, and "-" appends to an array
 * (RFC 6901 section 4).
 */
std::string
TryApplySetting(ScenarioJson& tree, const std::string& pointerText, const ScenarioJson& value)
{
    const ScenarioJson::json_pointer pointer(pointerText); // throws parse_error
    if (pointer.empty())
    {
        return "found a pointer to the whole file, expected one such as /fleet/groups/0/count";
    }
    const auto place = ExistingPlace(tree, pointer);
    if (place != pointer)
    {
        const ScenarioJson& found = tree[place];
        if (!found.is_object() && !found.is_array() && !found.is_null())
        {
            return "found " + DescribeFound(found) + " at " + place.to_string() +
                   ", expected an object or array";
        }
        const std::string next = pointerText.substr(place.to_string().size() + 1);
        const std::string item = next.substr(0, next.find('/'));
        if (found.is_array() && item != "-")
        {
            return "found no item " + item + ", expected an index below " +
                   std::to_string(found.size()) + ", or - to append";
        }
    }
    tree[pointer] = value;
    return {};
}

} // namespace

ScenarioJson
ParseScenarioText(const std::string& file, std::string_view text)
{
    DuplicateFinder duplicates(file);
    ScenarioJson tree;
    try
    {
        tree = ScenarioJson::parse(
            text.begin(),
            text.end(),
            [&](int /* depth */, ScenarioJson::parse_event_t event, ScenarioJson& parsed) {
                return duplicates.Note(event, parsed);
            });
    }
    catch (const ScenarioJson::exception& error)
    {
        const auto* syntax = dynamic_cast<const ScenarioJson::parse_error*>(&error);
        const std::size_t byte = syntax && syntax->byte > 0 ? syntax->byte - 1 : 0;
        throw ScenarioError({{file, LineAndColumn(text, byte), SyntaxReason(error.what())}});
    }
    if (!duplicates.GetProblems().empty())
    {
        throw ScenarioError(duplicates.GetProblems());
    }
    return tree;
}

std::string
ApplySetting(ScenarioJson& tree, const std::string& pointer, const ScenarioJson& value)
try
{
    return TryApplySetting(tree, pointer, value);
}

catch (const ScenarioJson::exception&)
{
    return "found an unusable JSON pointer, expected one such as /fleet/groups/0/count";
}

void
ApplySettings(ScenarioJson& tree, const std::vector<std::string>& sets)
{
    std::vector<ScenarioProblem> problems;
    for (const std::string& set : sets)
    {
        const std::size_t equals = set.find('=');
        if (equals == std::string::npos || set.front() != '/')
        {
            problems.push_back({"--set " + set, "", "expected POINTER=VALUE such as /seed=7"});
            continue;
        }
        const std::string text = set.substr(equals + 1);
        ScenarioJson value = ScenarioJson::parse(text, nullptr, false);
        if (value.is_discarded())
        {
            value = text;
        }
        const std::string pointer = set.substr(0, equals);
        const std::string wrong = ApplySetting(tree, pointer, value);
        if (!wrong.empty())
        {
            problems.push_back({"--set", pointer, wrong});
        }
    }
    if (!problems.empty())
    {
        throw ScenarioError(problems);
    }
}

std::string
DescribeFound(const ScenarioJson& value)
{
    if (value.is_object())
    {
        return "an object";
    }
    if (value.is_array())
    {
        return "an array";
    }
    if (value.is_null())
    {
        return "null";
    }
    std::string text = value.dump(-1, ' ', false, ScenarioJson::error_handler_t::replace);
    constexpr std::size_t LONGEST = 60;
    if (text.size() > LONGEST)
    {
        text = text.substr(0, LONGEST) + "...";
    }
    return text + " (" + value.type_name() + ")";
}

std::string
AppendPointer(const std::string& pointer, std::string_view key)
{
    std::string result = pointer + "/";
    for (const char c : key)
    {
        result += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    }
    return result;
}

} // namespace ns3::iotfleet
