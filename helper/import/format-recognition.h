// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_HELPER_FORMAT_RECOGNITION_H
#define IOTFLEET_HELPER_FORMAT_RECOGNITION_H

#include "helper/import/import-source.h"

#include <string>

namespace ns3::iotfleet
{

/**
 * Refuses a document that has none of the fields by which its format is known: an importer would
 * take all of it for unknown, and give the format's defaults for a policy.
 *
 * @param format name of a format
 * @param source the document
 * @throws ScenarioError that names the fields, and another format that the document looks like
 */
void RequireFormat(const std::string& format, const ImportSource& source);

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_FORMAT_RECOGNITION_H
