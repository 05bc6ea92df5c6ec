// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_ANALYSIS_INPUT_ERROR_H
#define IOTFLEET_ANALYSIS_INPUT_ERROR_H

#include <stdexcept>

namespace ns3::iotfleet::analysis
{

/// What the user gave cannot be used (no such file, not a results database, no such run); what() is
/// one whole sentence that names it. Failures of the environment are other std::runtime_errors.
class InputError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

} // namespace ns3::iotfleet::analysis

#endif // IOTFLEET_ANALYSIS_INPUT_ERROR_H
