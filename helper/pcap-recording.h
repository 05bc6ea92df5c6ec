// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_HELPER_PCAP_RECORDING_H
#define IOTFLEET_HELPER_PCAP_RECORDING_H

#include "helper/fleet-simulation.h"
#include "helper/fragment-source.h"
#include "model/lorawan/pcap-tap.h"
#include "model/record/durable-file.h"

#include <filesystem>
#include <fstream>

namespace ns3::iotfleet
{

/**
 * The capture that `/record/pcap` of a scenario asks for: a PcapTap at one gateway of a simulation,
 * with the devices' keys and the bytes of the images. The file gets its name when it is whole.
 */
class PcapRecording
{
  public:
    /**
     * Starts to record.
     * @param simulation must outlive the object
     * @param gateway its name
     * @param file to write; an existing one is replaced
     * @throws std::runtime_error if the file cannot be opened, or is a database or a folder
     */
    PcapRecording(FleetSimulation& simulation,
                  const std::string& gateway,
                  const std::filesystem::path& file);

    /**
     * Writes what is left and gives the file its name; call it once, when the simulation has
     * stopped.
     * @throws std::runtime_error if the file could not be written
     */
    void Finish();

    /// Frames in the file.
    uint64_t Frames() const
    {
        return m_tap.Frames();
    }

  private:
    FrameEncoder::Source MakeSource();
    void Complete(DeviceId device, wire::AppPayload& payload);
    std::vector<uint8_t> GroupFragment(GroupId group, const GroupFrame& frame);

    FleetSimulation& m_simulation;
    FragmentSource m_fragments;
    std::filesystem::path m_file;
    PartialFile m_partial; ///< where frames go until the end
    std::ofstream m_stream;
    PcapTap m_tap;
};

} // namespace ns3::iotfleet

#endif // IOTFLEET_HELPER_PCAP_RECORDING_H
