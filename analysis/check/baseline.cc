// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/check/baseline.h"

#include "analysis/input-error.h"
#include "analysis/statistics.h"
#include "model/record/durable-file.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

namespace ns3::iotfleet::analysis
{

namespace
{

using Json = nlohmann::ordered_json;

constexpr double PREDICTION = 0.99;

[[noreturn]] void
Refuse(const std::filesystem::path& file, const std::string& where, const std::string& message)
{
    throw InputError(file.string() + ": " + where + (where.empty() ? "" : ": ") + message);
}

std::optional<double>
ReadNumber(const std::filesystem::path& file,
           const Json& metric,
           const std::string& where,
           const char* key)
{
    if (!metric.contains(key) || metric[key].is_null())
    {
        return std::nullopt;
    }
    if (!metric[key].is_number())
    {
        Refuse(file,
               where + "/" + key,
               "found " + metric[key].dump() + ", expected a number or null");
    }
    return metric[key].get<double>();
}

Json
OrNull(const std::optional<double>& value)
{
    return value ? Json(*value) : Json();
}

} // namespace

BaselineMetric
MakeBaselineMetric(std::span<const std::optional<double>> values)
{
    BaselineMetric result;
    if (const auto known = TakeIfWhole(values))
    {
        result.mean = ComputeMean(*known);
        result.deviation = ComputeDeviation(*known);
    }
    return result;
}

std::optional<double>
PredictTolerance(const BaselineMetric& metric, size_t runs, size_t others)
{
    if (!metric.mean || !metric.deviation || runs < 2 || others < 1)
    {
        return std::nullopt;
    }
    const auto n = static_cast<double>(runs);
    const auto m = static_cast<double>(others);
    const double t = quantile(boost::math::students_t(n - 1), (1 + PREDICTION) / 2);
    // The smallest band leaves room for rounding only: values that never varied must not begin to.
    return std::max(t * *metric.deviation * std::sqrt(1 / n + 1 / m),
                    1e-9 * std::abs(*metric.mean));
}

Baseline
ReadBaseline(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    if (!in)
    {
        Refuse(file,
               "",
               "found no readable baseline; `iot-fleet check --write-baseline` makes one");
    }
    const Json json = Json::parse(in, nullptr, false);
    if (!json.is_object() || json.value("baseline", Json()) != 1)
    {
        Refuse(file, "/baseline", "expected a JSON object with \"baseline\": 1");
    }
    Baseline baseline;
    const Json runs = json.value("runs", Json());
    if (!runs.is_null() && !runs.is_number_unsigned())
    {
        Refuse(file, "/runs", "found " + runs.dump() + ", expected a number of runs");
    }
    baseline.runs = runs.is_null() ? 0 : runs.get<size_t>();
    const Json metrics = json.value("metrics", Json());
    if (!metrics.is_object())
    {
        Refuse(file, "/metrics", "expected an object of metrics");
    }
    for (const auto& [name, metric] : metrics.items())
    {
        const std::string where = "/metrics/" + name;
        if (!metric.is_object())
        {
            Refuse(file, where, "expected an object with mean, and deviation or tolerance");
        }
        baseline.metrics[name] = {ReadNumber(file, metric, where, "mean"),
                                  ReadNumber(file, metric, where, "deviation"),
                                  ReadNumber(file, metric, where, "tolerance")};
    }
    return baseline;
}

void
WriteBaseline(const Baseline& baseline, const std::filesystem::path& file)
{
    Json json{{"baseline", 1}, {"scenario", baseline.scenario}, {"runs", baseline.runs}};
    for (const auto& [name, metric] : baseline.metrics)
    {
        json["metrics"][name] = {{"mean", OrNull(metric.mean)},
                                 {"deviation", OrNull(metric.deviation)}};
    }
    WriteDurably(file, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

} // namespace ns3::iotfleet::analysis
