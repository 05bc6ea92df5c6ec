// SPDX-License-Identifier: GPL-2.0-only

#include "cli/signal-cleanup.h"

#include <array>
#include <csignal>
#include <string>
#include <unistd.h>

namespace ns3::iotfleet
{

namespace
{

constexpr std::array SIGNALS{SIGINT, SIGTERM, SIGHUP};

/** Names of the files; changed only while no handler is installed. */
std::vector<std::string> g_files;

/** Calls nothing but what POSIX allows a handler (unlink, signal, raise). */
void
RemoveAndEnd(int signal)
{
    for (const std::string& file : g_files)
    {
        ::unlink(file.c_str());
    }
    ::signal(signal, SIG_DFL);
    ::raise(signal); // taken when the handler returns
}

} // namespace

SignalCleanup::SignalCleanup(const std::vector<std::filesystem::path>& files)
{
    for (const auto& file : files)
    {
        g_files.push_back(file.string());
    }

    struct sigaction action
    {
    };

    action.sa_handler = RemoveAndEnd;
    for (const int signal : SIGNALS)
    {
        ::sigaddset(&action.sa_mask, signal);
    }
    for (const int signal : SIGNALS)
    {
        struct sigaction before
        {
        };

        ::sigaction(signal, nullptr, &before);
        if (before.sa_handler != SIG_IGN)
        {
            ::sigaction(signal, &action, nullptr);
        }
    }
}

SignalCleanup::~SignalCleanup()
{
    for (const int signal : SIGNALS)
    {
        struct sigaction now
        {
        };

        ::sigaction(signal, nullptr, &now);
        if (now.sa_handler == RemoveAndEnd)
        {
            ::signal(signal, SIG_DFL);
        }
    }
    g_files.clear();
}

} // namespace ns3::iotfleet
