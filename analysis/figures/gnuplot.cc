// SPDX-License-Identifier: GPL-2.0-only
#include "analysis/figures/gnuplot.h"

#include "analysis/input-error.h"
#include "model/record/durable-file.h"

#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <spawn.h>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

extern "C"
{
    extern char** environ; // POSIX: declared by the program that uses it
}

namespace ns3::iotfleet::analysis
{

namespace
{

/// A file that goes with its owner unless it was renamed.
class TemporaryFile
{
  public:
    explicit TemporaryFile(std::filesystem::path path)
        : m_path(std::move(path))
    {
    }

    ~TemporaryFile()
    {
        std::error_code ignored;
        std::filesystem::remove(m_path, ignored);
    }

    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    const std::filesystem::path& Path() const
    {
        return m_path;
    }

  private:
    std::filesystem::path m_path;
};

std::string
ReadFile(const std::filesystem::path& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void
WriteFile(const std::filesystem::path& path, const std::string& text)
{
    std::ofstream out(path, std::ios::binary);
    out << text;
    out.close();
    if (!out)
    {
        throw GnuplotError(path.string() + ": cannot write it: " + std::strerror(errno));
    }
}

/// Runs gnuplot on a file; what it says goes to another.
int
RunGnuplot(const std::filesystem::path& script, const std::filesystem::path& messages)
{
    std::string program = "gnuplot";
    std::string argument = script.string();
    std::array<char*, 3> arguments{program.data(), argument.data(), nullptr};
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions,
                                       STDERR_FILENO,
                                       messages.c_str(),
                                       O_WRONLY | O_CREAT | O_TRUNC,
                                       0600);
    ::posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    pid_t child = 0;
    const int error =
        ::posix_spawnp(&child, program.c_str(), &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
    {
        throw GnuplotError(error == ENOENT
                               ? "gnuplot: is not installed (Debian's package gnuplot-nox)"
                               : std::string("gnuplot: cannot be run: ") + std::strerror(error));
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR)
    {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// The first lines of what gnuplot said, on one line.
std::string
FirstWords(std::string messages)
{
    messages.resize(std::min<size_t>(messages.size(), 400));
    for (char& c : messages)
    {
        c = c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
    }
    return messages;
}

/// Overwrites the time of day in a PDF's "/CreationDate (D:20261125131415+01'00)" by zeros, in
/// place, so that the offsets of its objects stay.
void
RemoveDate(const std::filesystem::path& file)
{
    std::string text = ReadFile(file);
    constexpr std::string_view KEY{"/CreationDate (D:"};
    const size_t at = text.find(KEY);
    if (at == std::string::npos)
    {
        return;
    }
    const std::string_view fixed{"19700101000000"};
    for (size_t i = 0; i < fixed.size() && at + KEY.size() + i < text.size(); ++i)
    {
        text[at + KEY.size() + i] = fixed[i];
    }
    WriteFile(file, text);
}

} // namespace

std::string
QuoteForGnuplot(std::string_view text)
{
    std::string quoted = "'";
    for (const char c : text)
    {
        if (c == '\'')
        {
            quoted += "''";
        }
        else
        {
            quoted += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
        }
    }
    return quoted + "'";
}

std::string
NumberForGnuplot(double value)
{
    if (!std::isfinite(value))
    {
        return "NaN";
    }
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.9g", value);
    return text.data();
}

std::string
TerminalFor(const std::filesystem::path& file)
{
    const std::string extension = file.extension().string();
    if (extension == ".pdf")
    {
        return "set terminal pdfcairo noenhanced color size 16cm,10cm font 'sans,10'\n";
    }
    if (extension == ".svg")
    {
        return "set terminal svg noenhanced size 800,500 font 'sans,13' background '#ffffff'\n";
    }
    if (extension == ".png")
    {
        return "set terminal pngcairo noenhanced color size 1600,1000 font 'sans,20' linewidth 2 "
               "pointscale 1.6\n";
    }
    throw InputError("-o " + file.string() + ": found " +
                     (extension.empty() ? "no extension" : "extension \"" + extension + "\"") +
                     ", expected .pdf, .svg or .png");
}

void
DrawFigure(const std::string& script, const std::filesystem::path& file)
{
    const std::string terminal = TerminalFor(file);
    const std::string stem = PartialNameOf(file).string();
    const TemporaryFile partial(stem);
    const TemporaryFile commands(stem + ".gnuplot");
    const TemporaryFile messages(stem + ".messages");
    WriteFile(commands.Path(),
              "set encoding utf8\n" + terminal + "set output " +
                  QuoteForGnuplot(partial.Path().string()) + "\n" + script + "\nunset output\n");
    const int status = RunGnuplot(commands.Path(), messages.Path());
    std::error_code error;
    if (status != 0 || std::filesystem::file_size(partial.Path(), error) == 0 || error)
    {
        throw GnuplotError(file.string() +
                           ": gnuplot could not draw it: " + FirstWords(ReadFile(messages.Path())));
    }
    if (file.extension() == ".pdf")
    {
        RemoveDate(partial.Path());
    }
    std::filesystem::rename(partial.Path(), file, error);
    if (error)
    {
        throw GnuplotError(file.string() + ": cannot write it: " + error.message());
    }
}

} // namespace ns3::iotfleet::analysis
