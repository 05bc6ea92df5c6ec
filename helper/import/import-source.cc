// SPDX-License-Identifier: GPL-2.0-only

#include "helper/import/import-source.h"

#include "helper/units.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace ns3::iotfleet
{

ImportSource::ImportSource(std::string file, ScenarioJson document)
    : m_file(std::move(file)),
      m_document(std::move(document))
{
    if (!m_document.is_object())
    {
        Refuse("", "found " + DescribeFound(m_document) + ", expected an object");
    }
}

const ScenarioJson*
ImportSource::Find(const std::string& pointer) const
{
    const ScenarioJson::json_pointer place(pointer);
    if (!m_document.contains(place) || m_document.at(place).is_null())
    {
        return nullptr;
    }
    return &m_document.at(place);
}

std::optional<double>
ImportSource::Number(const std::string& pointer, double least, double most) const
{
    const auto* value = Find(pointer);
    if (value == nullptr)
    {
        return std::nullopt;
    }
    if (!value->is_number() || value->get<double>() < least || value->get<double>() > most)
    {
        Complain(pointer,
                 "found " + DescribeFound(*value) + ", expected a number from " +
                     FormatNumber(least) + " to " + FormatNumber(most));
        return std::nullopt;
    }
    return value->get<double>();
}

std::optional<uint32_t>
ImportSource::Count(const std::string& pointer) const
{
    const auto number = Number(pointer, 0, 4294967295.0);
    if (number && std::floor(*number) != *number)
    {
        Complain(pointer, "found " + DescribeFound(*Find(pointer)) + ", expected a whole number");
        return std::nullopt;
    }
    return number ? std::optional(static_cast<uint32_t>(*number)) : std::nullopt;
}

std::optional<std::string>
ImportSource::Text(const std::string& pointer) const
{
    const auto* value = Find(pointer);
    if (value == nullptr)
    {
        return std::nullopt;
    }
    if (!value->is_string())
    {
        Complain(pointer, "found " + DescribeFound(*value) + ", expected text");
        return std::nullopt;
    }
    return value->get<std::string>();
}

std::optional<bool>
ImportSource::Flag(const std::string& pointer) const
{
    const auto* value = Find(pointer);
    if (value == nullptr)
    {
        return std::nullopt;
    }
    if (!value->is_boolean())
    {
        Complain(pointer, "found " + DescribeFound(*value) + ", expected true or false");
        return std::nullopt;
    }
    return value->get<bool>();
}

std::optional<double>
ImportSource::Percentage(const std::string& pointer) const
{
    const auto* value = Find(pointer);
    if (value == nullptr)
    {
        return std::nullopt;
    }
    double percent = -1;
    if (value->is_number())
    {
        percent = value->get<double>();
    }
    else if (value->is_string())
    {
        const auto& text = value->get_ref<const std::string&>();
        char* end = nullptr;
        percent = std::strtod(text.c_str(), &end);
        const std::string rest = end;
        percent = end == text.c_str() || (!rest.empty() && rest != "%") ? -1 : percent;
    }
    if (!(percent >= 0 && percent <= 100))
    {
        Complain(pointer,
                 "found " + DescribeFound(*value) + ", expected a percentage from 0 to 100");
        return std::nullopt;
    }
    return percent / 100;
}

std::size_t
ImportSource::Items(const std::string& pointer) const
{
    const auto* value = Find(pointer);
    if (value == nullptr)
    {
        return 0;
    }
    if (!value->is_array())
    {
        Complain(pointer, "found " + DescribeFound(*value) + ", expected an array");
        return 0;
    }
    return value->size();
}

void
ImportSource::Note(const std::string& pointer, ImportFate fate, const std::string& text)
{
    if (Find(pointer) != nullptr && m_explained.insert(pointer).second)
    {
        m_notes.push_back({pointer, fate, text});
    }
}

void
ImportSource::Keep(const std::string& pointer, ScenarioJson& scenario, const std::string& key)
{
    if (const auto text = Text(pointer))
    {
        scenario[key] = *text;
        Note(pointer, ImportFate::HONOURED, "-> /" + key);
    }
}

void
ImportSource::Ignore(const std::string& pointer, const std::string& why)
{
    Note(pointer, ImportFate::IGNORED, why);
}

void
ImportSource::Complain(const std::string& pointer, const std::string& message) const
{
    const auto isHere = [&pointer](const ScenarioProblem& problem) {
        return problem.where == pointer;
    };
    if (std::ranges::none_of(m_complaints, isHere))
    {
        m_complaints.push_back({m_file, pointer, message});
    }
}

void
ImportSource::Refuse(const std::string& pointer, const std::string& message) const
{
    Complain(pointer, message);
    throw ScenarioError(m_complaints);
}

void
ImportSource::RefuseIfWrong() const
{
    if (!m_complaints.empty())
    {
        throw ScenarioError(m_complaints);
    }
}

void
ImportSource::CollectUnknown(const std::string& pointer,
                             const ScenarioJson& value,
                             std::vector<ImportNote>& notes) const
{
    if (m_explained.contains(pointer) || value.is_null())
    {
        return;
    }
    if (value.is_structured() && !value.empty())
    {
        for (const auto& [key, item] : value.items())
        {
            CollectUnknown(AppendPointer(pointer, key), item, notes);
        }
        return;
    }
    notes.push_back({pointer, ImportFate::IGNORED, "not a field that this importer knows"});
}

std::vector<ImportNote>
ImportSource::Explain() const
{
    auto notes = m_notes;
    CollectUnknown("", m_document, notes);
    return notes;
}

} // namespace ns3::iotfleet
