// SPDX-License-Identifier: GPL-2.0-only
#ifndef IOTFLEET_TEST_UPDATE_BED_H
#define IOTFLEET_TEST_UPDATE_BED_H

#include "model/fleet/device-registry.h"
#include "model/update/update-agent.h"
#include "model/update/update-service.h"
#include "model/wire/crypto-key.h"
#include "model/wire/suit.h"
#include "test/fake-access-network.h"

#include "ns3/callback.h"
#include "ns3/rng-seed-manager.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace ns3::iotfleet::test
{

/// A fleet, an operator and a FakeAccessNetwork between them: whole updates in a few lines.
class UpdateBed
{
  public:
    explicit UpdateBed(uint32_t devices, std::string_view profile = "stm32wl55")
        : network(CreateObject<FakeAccessNetwork>(devices)),
          registry(devices)
    {
        FirmwareImage old;
        old.version = "1.0.0";
        old.imageBytes = 2000;
        old.sequence = 1;
        old.vendor = "vendor.example";
        old.deviceClass = "class-a";
        running = catalog.Add(old);
        auto next = old;
        next.version = "1.1.0";
        next.sequence = 2;
        next.fixesVulnerability = true;
        next.digest = wire::Sha256(std::vector<uint8_t>(2000, 0x5a));
        target = catalog.Add(Sign(next));
        fleet->AddProfile(*FindBuiltInProfile(profile));
        fleet->AddGroup("all");
        fleet->AddSite("main");
        fleet->AddHardware("a");
        fleet->AddHardware("b");
        for (uint32_t i = 0; i < devices; ++i)
        {
            DeviceSeed seed;
            seed.firmware = running;
            const DeviceId device = fleet->Add(seed);
            fleet->SetPowered(device, 0);
            fleet->Set(device, Enrolment::ENROLLED, "test");
            fleet->Set(device, Health::VULNERABLE, "test");
            registry.SetEnrolled(device, true);
            registry.SetAccess(device, Access::FULL);
            registry.Hear(device, 0, {GatewayId{0}, 10, 5});
            everybody.push_back(device);
        }
        config.redundancy = 0.3;
    }

    ~UpdateBed()
    {
        service->Dispose();
        agent->Dispose();
        Simulator::Destroy();
    }

    /// Puts a real, signed envelope before the image.
    FirmwareImage Sign(FirmwareImage image) const
    {
        wire::suit::UpdateManifestSpec spec;
        spec.sequenceNumber = image.sequence;
        spec.vendorId = wire::suit::MakeVendorId(image.vendor);
        spec.classId = wire::suit::MakeClassId(spec.vendorId, image.deviceClass);
        spec.imageDigest = image.digest;
        spec.imageSize = image.imageBytes;
        image.envelope = wire::suit::BuildEnvelope(spec, key);
        return image;
    }

    /// Distributes `target` to everybody and runs until nothing happens any more.
    void Run()
    {
        Start();
        Simulator::Stop(Days(30));
        Simulator::Run();
    }

    /// @param server what the service sends through; null: the network itself
    void Start(const Ptr<AccessNetwork>& server = nullptr)
    {
        check = std::make_unique<ImageCheck>(catalog, SuitCheck(key.GetPublicKey()));
        agent->TraceConnectWithoutContext("Failure", MakeCallback(&UpdateBed::OnFailure, this));
        service->TraceConnectWithoutContext("Failure", MakeCallback(&UpdateBed::OnBelieved, this));
        service->TraceConnectWithoutContext("Settled", MakeCallback(&UpdateBed::OnSettled, this));
        const CounterRandom random(5, 1);
        const auto keyOf = [](DeviceId device) {
            wire::Block128 appKey{};
            appKey[0] = static_cast<uint8_t>(device);
            appKey[1] = static_cast<uint8_t>(Index(device) >> 8);
            return appKey;
        };
        agent->Start({fleet, network, &catalog, &directory, check.get(), random, keyOf}, config);
        const Ptr<AccessNetwork> operatorSide = server ? server : Ptr<AccessNetwork>(network);
        service->Start({operatorSide, &registry, &catalog, &directory, keyOf, random}, config);
        Simulator::Schedule(Seconds(10), [this] {
            service->Distribute(everybody, target, [this] {
                ++finished;
                finishedS = Simulator::Now().GetSeconds();
            });
        });
    }

    uint32_t Truth(UpdateState state) const
    {
        return fleet->Count(Machine::UPDATE, static_cast<uint8_t>(state));
    }

    uint32_t Truth(Health state) const
    {
        return fleet->Count(Machine::HEALTH, static_cast<uint8_t>(state));
    }

    uint32_t Believed(UpdateBelief belief) const
    {
        return registry.Count(belief);
    }

    Ptr<FakeAccessNetwork> network;
    Ptr<Fleet> fleet = CreateObject<Fleet>();
    DeviceRegistry registry;
    FirmwareCatalog catalog;
    GroupDirectory directory;
    UpdateConfig config;
    wire::SigningKey key = wire::SigningKey::FromSeed(SEED);
    ImageId running{NO_IMAGE};
    ImageId target{NO_IMAGE};
    std::vector<DeviceId> everybody;
    std::unique_ptr<ImageCheck> check;
    Ptr<UpdateAgent> agent = CreateObject<UpdateAgent>();
    Ptr<UpdateService> service = CreateObject<UpdateService>();
    uint32_t finished{0};
    double finishedS{0};
    std::map<std::string, uint32_t> failures;         ///< truth, by cause
    std::map<std::string, uint32_t> believedFailures; ///< operator, by cause
    std::map<std::string, uint32_t> unreported;       ///< the same of those not heard of

  private:
    static constexpr std::array<uint8_t, 32> SEED{1, 2, 3};

    void OnFailure(DeviceId, std::string_view cause, const std::string&)
    {
        ++failures[std::string(cause)];
    }

    void OnBelieved(DeviceId, std::string_view cause, const std::string&)
    {
        ++believedFailures[std::string(cause)];
    }

    void OnSettled(DeviceId, UpdateBelief belief, std::string_view cause, const std::string&)
    {
        if (belief == UpdateBelief::UNREPORTED)
        {
            ++unreported[std::string(cause)];
        }
    }
};

} // namespace ns3::iotfleet::test

#endif // IOTFLEET_TEST_UPDATE_BED_H
