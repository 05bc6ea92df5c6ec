// SPDX-License-Identifier: GPL-2.0-only

// Figures through gnuplot: every one is drawn, text of users stays text, equal results give equal
// files, and what cannot be drawn is told clearly.

#include "analysis/figures/figure.h"
#include "analysis/figures/gnuplot.h"
#include "analysis/input-error.h"
#include "test/folder-test.h"
#include "test/report-sample.h"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

namespace
{

using namespace ns3::iotfleet;
using namespace ns3::iotfleet::analysis;
using test::Sample;
using test::WriteSample;
namespace fs = std::filesystem;

/// Would run a command, end a string and end a block of data if it were not quoted.
constexpr const char* EVIL{"`touch pwned`' ; system('touch pwned') #\nEOD\n<b>&"};

class PlotTest : public test::FolderTest
{
  protected:
    void SetUp() override
    {
        if (std::system("command -v gnuplot > /dev/null 2>&1") != 0)
        {
            GTEST_SKIP() << "gnuplot is not installed";
        }
    }

    std::string Draw(const Sample& sample, const std::string& figure, const std::string& file)
    {
        FigureRequest request;
        request.database = WriteSample(m_folder, sample);
        request.output = m_folder / file;
        request.figure = figure;
        WriteFigure(request);
        std::ifstream in(request.output, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    }

    /// What is wrong with a request on a plain run.
    std::string MessageOf(const FigureRequest& request)
    {
        try
        {
            WriteFigure(request);
        }
        catch (const InputError& error)
        {
            return error.what();
        }
        return "";
    }
};

TEST_F(PlotTest, DrawsEveryFigure)
{
    for (const FigureDefinition& figure : ListFigures())
    {
        const std::string svg = Draw({.runs = 2, .variants = 2}, std::string(figure.name), "f.svg");
        EXPECT_TRUE(svg.starts_with("<?xml")) << figure.name;
        EXPECT_NE(svg.find("</svg>"), std::string::npos) << figure.name;
        EXPECT_GT(svg.size(), 5000U) << figure.name;
    }
    EXPECT_TRUE(Draw({}, "progress", "f.pdf").starts_with("%PDF-"));
    EXPECT_TRUE(Draw({}, "map", "f.png").starts_with("\x89PNG"));
    // Nothing but the figures and the database is left.
    EXPECT_EQ(std::distance(fs::directory_iterator(m_folder), fs::directory_iterator()), 4);
}

TEST_F(PlotTest, ShowsWhatTheReportShows)
{
    const std::string progress = Draw({}, "progress", "f.svg");
    EXPECT_NE(progress.find(">believed updated<"), std::string::npos);
    EXPECT_NE(progress.find(">aborted: plain<"), std::string::npos);
    EXPECT_NE(progress.find("rgb(  0, 158, 115)"), std::string::npos)
        << "the report's colour of updated";
    const std::string map = Draw({}, "map", "f.svg");
    EXPECT_NE(map.find(">updated (197)<"), std::string::npos);
    EXPECT_NE(map.find(">bricked (3)<"), std::string::npos);
    const std::string compare = Draw({.runs = 2, .variants = 2}, "compare", "f.svg");
    EXPECT_NE(compare.find(">plain 1<"), std::string::npos);
    const std::string pareto = Draw({.runs = 2, .variants = 2}, "pareto", "f.svg");
    EXPECT_NE(pareto.find(">time until 99 % updated (h)<"), std::string::npos) << "in words";
}

TEST_F(PlotTest, MapOfManyShowsHexagons)
{
    const std::string svg = Draw({.devices = 20001}, "map", "f.svg");
    EXPECT_NE(svg.find(">devices updated (%)<"), std::string::npos);
    EXPECT_LT(svg.size(), 1000000U) << "a mark per device would need more";
}

TEST_F(PlotTest, MapShowsAnInstant)
{
    FigureRequest request;
    request.database = WriteSample(m_folder, {});
    request.output = m_folder / "f.svg";
    request.figure = "map";
    request.atS = 96000; // notified, and nobody updated yet
    WriteFigure(request);
    std::ifstream in(request.output);
    const std::string svg{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    EXPECT_NE(svg.find(">update under way (200)<"), std::string::npos);
    EXPECT_EQ(svg.find(">updated"), std::string::npos);
}

TEST_F(PlotTest, KeepsTheTextOfUsersText)
{
    const fs::path before = fs::current_path();
    fs::current_path(m_folder); // where a command would leave its file
    for (const char* figure : {"progress", "compare", "pareto", "map", "waves", "air"})
    {
        const std::string svg = Draw({.text = EVIL, .variants = 2}, figure, "f.svg");
        EXPECT_EQ(svg.find("<b>"), std::string::npos) << figure;
        EXPECT_FALSE(fs::exists(m_folder / "pwned")) << figure;
    }
    EXPECT_NE(Draw({.text = EVIL}, "waves", "f.svg").find("`touch pwned`"), std::string::npos)
        << "quoted, not lost";
    fs::current_path(before);
    EXPECT_EQ(QuoteForGnuplot("it's\n`x`"), "'it''s `x`'");
}

TEST_F(PlotTest, EqualResultsGiveEqualFiles)
{
    for (const char* file : {"f.pdf", "f.svg", "f.png"})
    {
        const std::string first = Draw({}, "progress", file);
        ::sleep(std::string(file) == "f.pdf" ? 1 : 0); // a PDF would tell the second of its making
        EXPECT_EQ(first, Draw({}, "progress", file)) << file;
    }
}

TEST_F(PlotTest, TellsWhatCannotBeDrawn)
{
    FigureRequest request;
    request.database = WriteSample(m_folder, {});
    request.output = m_folder / "f.svg";
    request.figure = "portrait";
    EXPECT_EQ(MessageOf(request),
              "--figure: found \"portrait\", expected one of progress, compare, pareto, map, "
              "waves, air, energy, battery");
    request.figure = "progress";
    request.output = m_folder / "f.gif";
    EXPECT_EQ(MessageOf(request),
              "-o " + (m_folder / "f.gif").string() +
                  ": found extension \".gif\", expected .pdf, .svg or .png");
    request.output = m_folder / "f.svg";
    request.figure = "pareto";
    request.x = "no_such_metric";
    EXPECT_TRUE(MessageOf(request).starts_with("--x: found \"no_such_metric\", expected a metric "
                                               "with a value in every run of a strategy: "));
    request.x = "";
    request.y = "no_such_metric";
    EXPECT_TRUE(MessageOf(request).starts_with("--y: found \"no_such_metric\""));
    request.y = "";
    request.figure = "compare";
    request.line = "upset";
    EXPECT_TRUE(MessageOf(request).starts_with("--line: found \"upset\", expected one of "));
    request.database = WriteSample(m_folder, {.devices = 0});
    request.figure = "map";
    EXPECT_EQ(MessageOf(request),
              request.database.string() + ": the run recorded no devices: there is no map");
    request.figure = "pareto";
    request.output = m_folder / "nowhere" / "f.svg";
    request.x = "";
    EXPECT_THROW(WriteFigure(request), GnuplotError);
}

TEST_F(PlotTest, TellsThatGnuplotIsMissing)
{
    const std::string path = std::getenv("PATH");
    FigureRequest request;
    request.database = WriteSample(m_folder, {});
    request.output = m_folder / "f.svg";
    request.figure = "progress";
    ::setenv("PATH", m_folder.c_str(), 1);
    try
    {
        WriteFigure(request);
        ADD_FAILURE() << "gnuplot was found";
    }
    catch (const GnuplotError& error)
    {
        EXPECT_STREQ(error.what(), "gnuplot: is not installed (Debian's package gnuplot-nox)");
    }
    ::setenv("PATH", path.c_str(), 1);
    EXPECT_FALSE(fs::exists(request.output));
}

} // namespace
