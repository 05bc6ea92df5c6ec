// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/compare/verdict-sentence.h"

#include "analysis/format.h"

#include <cmath>
#include <iomanip>
#include <sstream>

namespace ns3::iotfleet::analysis
{

namespace
{

/// Builds the clauses of one sentence.
class SentenceBuilder
{
  public:
    SentenceBuilder(const ComparedMetric& row, const Comparison& comparison)
        : m_row(row),
          m_comparison(comparison),
          m_sense(FindSense(row.metric))
    {
    }

    std::string Build() const
    {
        switch (m_row.verdict)
        {
        case CompareVerdict::BETTER:
            return Name() + " is " + std::string(m_sense.better) + ": " + Findings();
        case CompareVerdict::WORSE:
            return Name() + " is " + std::string(m_sense.worse) + ": " + Findings();
        case CompareVerdict::DIFFERENT:
            return Name() + " differs: " + Findings();
        case CompareVerdict::SAME:
            return "no difference that matters for " + Name() + ": " + Subject() + " " + Signed() +
                   ", below " + Worth();
        case CompareVerdict::IDENTICAL:
            return Name() + " is identical: " + Subject() + " equal in each of " + Pairs();
        case CompareVerdict::NO_PAIRS:
            if (!m_row.isPaired)
            {
                return "nothing can be said about " + Subject() + " of " + Name() +
                       ": none of its runs has a partner in the baseline (" + Partner() +
                       "), and the means are of all runs";
            }
            return "nothing can be said about " + Subject() + " of " + Name() + ": " + Pairs() +
                   " with a value in both, and one needs two at least";
        case CompareVerdict::UNCLEAR:
            break;
        }
        return "no difference can be told for " + Name() + ": " + Subject() + " " + Unclear();
    }

  private:
    std::string Name() const
    {
        return m_row.group.empty() ? "(unnamed)" : m_row.group;
    }

    std::string Subject() const
    {
        return std::string(m_sense.subject);
    }

    /// What makes two runs partners.
    std::string Partner() const
    {
        const std::string& by = m_comparison.options.by;
        return by.empty() ? "with the same seed and number"
                          : "with the same seed and number, and a scenario that differs in " + by +
                                " only";
    }

    std::string Pairs() const
    {
        return FormatCount(m_row.difference.pairs) +
               (m_row.difference.pairs == 1 ? " pair" : " pairs");
    }

    std::string Size(double difference) const
    {
        return FormatDifference(m_row.metric, m_row.unit, difference);
    }

    /// "3 h earlier"
    std::string Directed(double difference) const
    {
        return difference == 0 ? "equal"
                               : Size(difference) + " " +
                                     std::string(difference < 0 ? m_sense.less : m_sense.more);
    }

    std::string Worth() const
    {
        return FormatShare(m_comparison.options.worth) + " (" + Size(m_row.worth) + ")";
    }

    /// Of the intervals, in percent.
    std::string Confidence() const
    {
        std::ostringstream text;
        text << std::setprecision(12) << 100 * (1 - m_comparison.options.level);
        return text.str();
    }

    /// The interval in the direction of the estimate, or from one direction to the other.
    std::string Interval() const
    {
        return Interval(m_row.difference.low, m_row.difference.high);
    }

    std::string MeanInterval() const
    {
        return Interval(m_row.difference.meanLow, m_row.difference.meanHigh);
    }

    std::string Interval(const std::optional<double>& low, const std::optional<double>& high) const
    {
        if (!low || !high)
        {
            return "too few pairs for an interval";
        }
        if (*low < 0 && *high > 0)
        {
            return Confidence() + " % interval " + Directed(*low) + " to " + Directed(*high);
        }
        const bool isLess = *high <= 0;
        return Confidence() + " % interval " + Size(isLess ? *high : *low) + " to " +
               Size(isLess ? *low : *high);
    }

    std::string Correction() const
    {
        return m_comparison.tests > 1
                   ? " after correction for " + FormatCount(m_comparison.tests) + " tests"
                   : "";
    }

    /// "3 h earlier (95 % interval 2 h to 4 h, p = 0.001, 20 pairs)"
    std::string Signed() const
    {
        const PairedResult& d = m_row.difference;
        if (d.isConstant)
        {
            return Directed(d.estimate) + " in each of " + Pairs() + " (" +
                   FormatPValue(m_row.adjustedP) + Correction() + ")";
        }
        if (d.estimate == 0 && d.mean != 0)
        {
            return Directed(d.mean) + " in the mean, equal in the typical pair (" + MeanInterval() +
                   ", " + FormatPValue(m_row.adjustedP) + Correction() + ", " + Pairs() + ")";
        }
        return Directed(d.estimate) + " (" + Interval() + ", " + FormatPValue(m_row.adjustedP) +
               Correction() + ", " + Pairs() + ")";
    }

    /// Where not all runs have a value.
    std::string Reached() const
    {
        const GroupValue& mine = m_row.value;
        const GroupValue& base = m_row.baselineValue;
        std::string text =
            Subject() + (m_sense.nullIsNever ? " was reached in " : " has a value in ");
        text += FormatCount(mine.withValue) + " of " + FormatCount(mine.runs) + " runs against " +
                FormatCount(base.withValue) + " of " + FormatCount(base.runs);
        if (m_row.adjustedReachedP)
        {
            text += " (" + FormatPValue(*m_row.adjustedReachedP) + Correction() + ")";
        }
        return text;
    }

    bool HasMissing() const
    {
        return m_row.onlyBaseline + m_row.onlyGroup > 0;
    }

    std::string Findings() const
    {
        const std::string small =
            m_row.isBelowWorth ? "; below " + Worth() + ", which would matter" : "";
        if (!HasMissing())
        {
            return Subject() + " " + Signed() + small;
        }
        return m_row.difference.pairs < 2 ? Reached()
                                          : Reached() + "; where both have a value " + Signed();
    }

    std::string Unclear() const
    {
        std::string text = m_row.difference.pairs < 2 ? "" : Signed();
        if (HasMissing())
        {
            text = Reached().substr(Subject().size() + 1) +
                   (text.empty() ? "" : "; where both have a value " + text);
        }
        return text + Advice();
    }

    /// What more runs would give.
    std::string Advice() const
    {
        if (m_row.difference.isConstant)
        {
            return ConstantAdvice();
        }
        if (m_row.difference.pairs < 2 || m_row.worth <= 0 || m_row.difference.isIdentical)
        {
            return "";
        }
        const std::string chance = " with " + FormatShare(m_comparison.options.power) + " chance";
        if (!m_row.pairsNeeded)
        {
            return "; even 100,000 pairs would not show a difference of " + Worth() + chance;
        }
        const size_t have = m_row.difference.pairs;
        if (*m_row.pairsNeeded > have)
        {
            return "; about " + FormatCount(*m_row.pairsNeeded - have) +
                   " more pairs would show a difference of " + Worth() + chance;
        }
        return "; " + FormatCount(*m_row.pairsNeeded) + " pairs are enough for a difference of " +
               Worth() + chance;
    }

    /// A difference that is always the same lacks nothing but number.
    std::string ConstantAdvice() const
    {
        const size_t have = m_row.difference.pairs;
        if (!m_row.pairsNeeded || *m_row.pairsNeeded <= have)
        {
            return "";
        }
        return "; " + FormatCount(*m_row.pairsNeeded - have) +
               " more pairs like these would tell it from chance";
    }

    const ComparedMetric& m_row;
    const Comparison& m_comparison;
    MetricSense m_sense;
};

} // namespace

std::string
FormatPValue(double pValue)
{
    if (pValue < 0.001)
    {
        return "p < 0.001";
    }
    const double rounded = std::round(pValue * 1000) / 1000;
    return "p = " + FormatNumber(pValue < 0.1 ? rounded : std::round(pValue * 100) / 100);
}

std::string
VerdictSentence(const ComparedMetric& row, const Comparison& comparison)
{
    return SentenceBuilder(row, comparison).Build();
}

} // namespace ns3::iotfleet::analysis
