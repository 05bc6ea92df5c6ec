// SPDX-License-Identifier: GPL-2.0-only

#ifndef IOTFLEET_WIRE_SUIT_INTERPRETER_H
#define IOTFLEET_WIRE_SUIT_INTERPRETER_H

#include "model/wire/suit-manifest.h"
#include "model/wire/suit-uuid.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup iotfleet-wire
 * The abstract machine of draft-ietf-suit-manifest-37 ("Abstract Machine Description").
 */

namespace ns3::iotfleet::wire::suit
{

/** What the machine needs to know of a payload: never its bytes. */
struct Image
{
    Digest256 digest{}; //!< SHA-256 of the bytes
    uint64_t size = 0;  //!< number of bytes

    bool operator==(const Image&) const = default;
};

/** What a device knows of itself when it looks at a manifest. */
struct DeviceIdentity
{
    Uuid vendorId{};                         //!< its vendor
    Uuid classId{};                          //!< its class
    std::optional<uint64_t> currentSequence; //!< of what is installed; nothing: no rollback check
    std::optional<Uuid> deviceId{};          //!< itself, if it can tell
    uint64_t slot = 0;                       //!< where the next image would go, in all components
    std::size_t maxComponents = 8;           //!< components it has room for
};

/**
 * Obtains a payload: gets the URI and the index of the component to be filled and gives what is
 * there, or nothing.
 */
using FetchFunction = std::function<std::optional<Image>(const std::string&, std::size_t)>;

/**
 * Executes command sequences of one manifest against one device.
 *
 * It runs serially, keeps digests and sizes in place of component contents, and changes nothing
 * outside of itself. Custom commands, manifest dependencies and the extensions of other drafts
 * are refused as unsupported.
 */
class Interpreter
{
  public:
    /**
     * @param manifest the manifest, already authenticated; must outlive the interpreter. Throws
     *        Error if it has more components than the device
     * @param device the device; must outlive the interpreter
     * @param fetch obtains payloads
     */
    Interpreter(const Manifest& manifest, const DeviceIdentity& device, FetchFunction fetch);

    /**
     * Puts content into a component before anything runs.
     * @param component index; ignored if the manifest has fewer
     * @param image what is there
     */
    void SetContent(std::size_t component, const Image& image);

    /**
     * Runs the shared sequence and then a section of the manifest; parameters stay from one
     * section to the next. Throws Error with the reason when a condition or directive fails.
     * @param section the section
     */
    void Run(const Sequence& section);

    /**
     * Checks what must hold after all sections: the device's vendor and class were asked for,
     * and no component was written without its digest or content having been compared. Throws
     * Error otherwise.
     */
    void Finish() const;

  private:
    // A component of the device as this manifest sees it.
    struct Component
    {
        std::map<int64_t, cbor::Value> parameters; // set by override-parameters
        std::optional<Image> content;              // what is stored
        bool isVerified = true;                    // compared since it was last written
    };

    // What is bound to one sequence while it runs.
    struct Scope
    {
        bool isShared;                   // shared sequence or inside it
        std::optional<bool> softFailure; // nothing outside of try-each and run-sequence
    };

    void RunSection(const Sequence& sequence, bool isShared);
    void Execute(const Sequence& sequence, Scope scope);
    void ExecuteCommand(const Command& command, std::size_t index, Scope& scope);
    bool ControlFlow(const Command& command, std::size_t index, Scope& scope);
    void SetComponentIndex(const cbor::Value& argument);
    void RunNested(const cbor::Value& encoded, std::size_t index, Scope scope);
    void RunSequence(const cbor::Value& argument, std::size_t index, bool isShared);
    void TryEach(const cbor::Value& argument, std::size_t index, bool isShared);
    void OverrideParameters(const cbor::Value& argument, Component& component, Scope& scope);
    bool CheckCondition(CommandCode code, Component& component);
    void CheckIdentity(ParameterKey key, const Component& component);
    void CheckImage(Component& component);
    void CheckContent(Component& component);
    bool ExecuteDirective(CommandCode code, std::size_t index);
    void Fetch(std::size_t index);
    void CopyOrSwap(std::size_t index, bool isSwap);

    const Manifest& m_manifest;            //!< components and shared sequence
    const DeviceIdentity& m_device;        //!< what conditions compare with
    FetchFunction m_fetch;                 //!< source of payloads
    std::vector<Component> m_components;   //!< state by component index
    std::vector<std::size_t> m_current{0}; //!< components the next command is for
    bool m_hasCheckedVendor{false};        //!< the vendor condition held once
    bool m_hasCheckedClass{false};         //!< the class condition held once
};

} // namespace ns3::iotfleet::wire::suit

#endif // IOTFLEET_WIRE_SUIT_INTERPRETER_H
