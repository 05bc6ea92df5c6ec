// SPDX-License-Identifier: GPL-2.0-only

#include "helper/inventory.h"

#include "helper/csv.h"
#include "helper/scenario-json.h"
#include "helper/text-file.h"
#include "helper/units.h"

#include <algorithm>
#include <set>

namespace ns3::iotfleet
{

namespace
{

const std::vector<std::string> DEVICE_COLUMNS{"id",
                                              "x",
                                              "y",
                                              "z",
                                              "profile",
                                              "firmware",
                                              "battery",
                                              "group",
                                              "site",
                                              "indoor",
                                              "hardware",
                                              "data_rate"};
const std::vector<std::string> GATEWAY_COLUMNS{"id", "x", "y", "z", "antenna_gain", "backhaul"};

/** Whether the JSON library takes a text as UTF-8. */
bool
IsUtf8(const std::string& text)
try
{
    return !ScenarioJson(text).dump().empty();
}

catch (const ScenarioJson::type_error&)
{
    return false;
}

/** A CSV file with a header, read cell by cell; collects complaints with line and column. */
class CsvTable
{
  public:
    CsvTable(const std::filesystem::path& path,
             const std::vector<std::string>& columns,
             std::vector<ScenarioProblem>& problems)
        : m_file(path.string()),
          m_problems(problems)
    {
        const auto text = ReadTextFile(path);
        if (!text)
        {
            Refuse("", "found no readable file, expected a CSV file");
            return;
        }
        m_records = ParseCsv(*text);
        if (!IsUtf8(*text) && RefuseForeignText())
        {
            return;
        }
        if (m_records.empty())
        {
            Refuse("", "found an empty file, expected a header line: " + JoinWords(columns));
            return;
        }
        ReadHeader(columns);
    }

    /** Goes to the next row that has as many cells as the header. */
    bool NextRow()
    {
        while (m_usable && ++m_row < m_records.size())
        {
            const CsvRecord& record = m_records[m_row];
            if (record.fields.size() == m_header.size() && !record.openQuote)
            {
                return true;
            }
            const std::string expected = std::to_string(m_header.size()) + " as in the header";
            Refuse("line " + std::to_string(record.line),
                   record.openQuote ? "found a quote that is never closed"
                                    : "found " + std::to_string(record.fields.size()) +
                                          " cells, expected " + expected);
        }
        return false;
    }

    /** At least one row must follow the header. */
    void ExpectRows()
    {
        if (m_usable && m_records.size() == 1)
        {
            Refuse("", "found a header line alone, expected one row a device");
        }
    }

    /** Text of a cell; empty when the file has no such column. */
    std::string Cell(const std::string& column) const
    {
        const auto at = std::find(m_header.begin(), m_header.end(), column);
        return at == m_header.end()
                   ? std::string()
                   : m_records[m_row].fields[static_cast<std::size_t>(at - m_header.begin())];
    }

    void RefuseCell(const std::string& column, const std::string& expected)
    {
        const std::string cell = Cell(column);
        const std::string message =
            "found " + (cell.empty() ? "nothing" : "\"" + cell + "\"") + ", expected " + expected;
        m_problems.Add({m_file,
                        "line " + std::to_string(m_records[m_row].line) + ", column " + column,
                        message},
                       column + ": " + message);
    }

    /** A number in the column's unit, or one with its own. */
    double Number(const std::string& column, UnitKind kind, std::optional<double> fallback)
    {
        const std::string cell = Cell(column);
        if (cell.empty() && fallback)
        {
            return *fallback;
        }
        const auto bare = ParseNumber(cell);
        const auto value = bare ? bare : ParseQuantity(kind, cell);
        if (!value)
        {
            RefuseCell(column,
                       "a number of " + std::string(UnitsOf(kind).front().symbol) + " or " +
                           std::string(UnitDescription(kind)));
        }
        return value.value_or(0);
    }

    double Share(const std::string& column, double fallback)
    {
        const std::string cell = Cell(column);
        if (cell.empty())
        {
            return fallback;
        }
        const auto bare = ParseNumber(cell);
        const auto value = bare ? bare : ParsePercentage(cell);
        if (!value || *value < 0 || *value > 1)
        {
            RefuseCell(column, "a share from 0 to 1 or a percentage such as \"10 %\"");
            return fallback;
        }
        return *value;
    }

    /** The id of the row, which no other row has. */
    std::string Id()
    {
        const std::string id = Cell("id");
        if (id.empty())
        {
            RefuseCell("id", "a name");
        }
        else if (!m_ids.insert(id).second)
        {
            RefuseCell("id", "a name that no row above has");
        }
        return id;
    }

  private:
    void Refuse(const std::string& where, const std::string& message)
    {
        m_problems.Add({m_file, where, message}, message);
    }

    /** Refuses the first record that is not UTF-8; comments may be anything. */
    bool RefuseForeignText()
    {
        const auto record = std::ranges::find_if(m_records, [](const CsvRecord& r) {
            return !std::ranges::all_of(r.fields, IsUtf8);
        });
        if (record != m_records.end())
        {
            Refuse("line " + std::to_string(record->line),
                   "found bytes that are no UTF-8, expected a file in UTF-8");
        }
        return record != m_records.end();
    }

    void ReadHeader(const std::vector<std::string>& columns)
    {
        m_header = m_records.front().fields;
        const std::string line = "line " + std::to_string(m_records.front().line);
        std::set<std::string> seen;
        m_usable = true;
        for (const std::string& column : m_header)
        {
            const bool known = std::find(columns.begin(), columns.end(), column) != columns.end();
            if (!known)
            {
                const std::string near = SuggestWord(column, columns);
                Refuse(line,
                       "found unknown column \"" + column + "\"" +
                           (near.empty() ? "" : "; did you mean \"" + near + "\"?") +
                           " (accepted: " + JoinWords(columns) + ")");
            }
            else if (!seen.insert(column).second)
            {
                Refuse(line, "found column \"" + column + "\" twice, expected it once");
            }
        }
        for (const char* column : {"id", "x", "y"})
        {
            if (!seen.contains(column))
            {
                Refuse(line, "found no column \"" + std::string(column) + "\", which is required");
                m_usable = false;
            }
        }
    }

    std::string m_file;                //!< name for messages
    RowProblems m_problems;            //!< where complaints go
    std::vector<CsvRecord> m_records;  //!< all lines
    std::vector<std::string> m_header; //!< names of the columns
    std::size_t m_row{0};              //!< the current line, the header at first
    bool m_usable{false};              //!< whether the header lets rows be read
    std::set<std::string> m_ids;       //!< ids of the rows so far
};

std::string
CellOr(const CsvTable& table, const std::string& column, const std::string& fallback)
{
    const std::string cell = table.Cell(column);
    return cell.empty() ? fallback : cell;
}

bool
ReadIndoor(CsvTable& table)
{
    std::string cell = table.Cell("indoor");
    std::ranges::transform(cell, cell.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    const bool yes = cell == "1" || cell == "true" || cell == "yes";
    if (!yes && !cell.empty() && cell != "0" && cell != "false" && cell != "no")
    {
        table.RefuseCell("indoor", "1, true, yes, 0, false or no");
    }
    return yes;
}

std::optional<uint8_t>
ReadDataRate(CsvTable& table, std::optional<uint8_t> fallback)
{
    constexpr double LARGEST = 15;
    const std::string cell = table.Cell("data_rate");
    if (cell.empty())
    {
        return fallback;
    }
    const auto value = ParseNumber(cell);
    if (!value || *value < 0 || *value > LARGEST ||
        *value != static_cast<double>(static_cast<int>(*value)))
    {
        table.RefuseCell("data_rate", "a whole number from 0 to 15");
        return fallback;
    }
    return static_cast<uint8_t>(*value);
}

uint32_t
ReadGroup(CsvTable& table, const std::vector<FleetGroupSpec>& groups)
{
    const std::string cell = table.Cell("group");
    std::vector<std::string> names;
    for (const FleetGroupSpec& group : groups)
    {
        names.push_back(group.name);
    }
    const auto at = std::find(names.begin(), names.end(), cell);
    if (cell.empty() || at != names.end())
    {
        return cell.empty() ? 0 : static_cast<uint32_t>(at - names.begin());
    }
    table.RefuseCell("group", "a group of /fleet/groups: " + JoinWords(names));
    return 0;
}

/** The profile's name; one that is the group's was checked there. */
std::string
ReadProfile(CsvTable& table, const std::string& fallback, const std::vector<std::string>& profiles)
{
    const std::string cell = table.Cell("profile");
    if (!cell.empty() && std::ranges::find(profiles, cell) == profiles.end())
    {
        table.RefuseCell("profile", "a device profile: " + JoinWords(profiles));
    }
    return cell.empty() ? fallback : cell;
}

DeviceSpec
ReadDevice(CsvTable& table,
           const std::vector<FleetGroupSpec>& groups,
           const std::vector<std::string>& profiles)
{
    DeviceSpec device;
    device.name = table.Id();
    device.group = ReadGroup(table, groups);
    const FleetGroupSpec& group = groups[device.group];
    device.position.x = table.Number("x", UnitKind::LENGTH, std::nullopt);
    device.position.y = table.Number("y", UnitKind::LENGTH, std::nullopt);
    device.position.z = table.Number("z", UnitKind::LENGTH, group.antennaHeightM);
    device.profile = ReadProfile(table, group.profile, profiles);
    device.firmware = CellOr(table, "firmware", group.firmware);
    device.batteryLevel = table.Share("battery", group.batteryLevel);
    device.site = CellOr(table, "site", group.site);
    device.indoor = ReadIndoor(table);
    device.hardware = CellOr(table, "hardware", group.hardware);
    device.dataRate = ReadDataRate(table, group.dataRate);
    device.telemetryFirstS = group.telemetry.firstS;
    return device;
}

} // namespace

std::vector<DeviceSpec>
ReadDeviceInventory(const std::filesystem::path& path,
                    const std::vector<FleetGroupSpec>& groups,
                    const std::vector<std::string>& profiles,
                    std::vector<ScenarioProblem>& problems)
{
    CsvTable table(path, DEVICE_COLUMNS, problems);
    table.ExpectRows();
    std::vector<DeviceSpec> devices;
    while (!groups.empty() && table.NextRow())
    {
        devices.push_back(ReadDevice(table, groups, profiles));
    }
    return devices;
}

std::vector<GatewaySpec>
ReadGatewayInventory(const std::filesystem::path& path, std::vector<ScenarioProblem>& problems)
{
    CsvTable table(path, GATEWAY_COLUMNS, problems);
    std::vector<GatewaySpec> gateways;
    while (table.NextRow())
    {
        GatewaySpec gateway;
        gateway.name = table.Id();
        gateway.position.x = table.Number("x", UnitKind::LENGTH, std::nullopt);
        gateway.position.y = table.Number("y", UnitKind::LENGTH, std::nullopt);
        gateway.position.z = table.Number("z", UnitKind::LENGTH, gateway.position.z);
        gateway.antennaGainDbi =
            table.Number("antenna_gain", UnitKind::GAIN, gateway.antennaGainDbi);
        gateway.backhaul = CellOr(table, "backhaul", gateway.backhaul);
        gateways.push_back(gateway);
    }
    return gateways;
}

} // namespace ns3::iotfleet
