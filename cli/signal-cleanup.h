// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_CLI_SIGNAL_CLEANUP_H
#define IOTFLEET_CLI_SIGNAL_CLEANUP_H

#include <filesystem>
#include <vector>

namespace ns3::iotfleet
{

/**
 * While it lives, SIGINT, SIGTERM and SIGHUP remove files that are not whole before they end the
 * program, which ends by the signal as shells expect. A signal that is ignored stays so (nohup).
 * There is one at a time.
 */
class SignalCleanup
{
  public:
    /** @param files partial files of the command; they need not exist */
    explicit SignalCleanup(const std::vector<std::filesystem::path>& files);
    /** Signals end the program as they do by default. */
    ~SignalCleanup();
    SignalCleanup(const SignalCleanup&) = delete;
    SignalCleanup& operator=(const SignalCleanup&) = delete;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_CLI_SIGNAL_CLEANUP_H
