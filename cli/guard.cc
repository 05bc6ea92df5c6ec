// SPDX-License-Identifier: GPL-2.0-only

#include "analysis/input-error.h"
#include "cli/command.h"
#include "helper/campaign-folder.h"
#include "helper/scenario-error.h"

#include <iostream>
#include <new>

namespace ns3::iotfleet
{

int
RunGuarded(const Action& action)
{
    try
    {
        const int status = action();
        std::cout.flush();
        if (!std::cout)
        {
            std::cerr << "standard output: cannot write to it\n";
            return EXIT_ENVIRONMENT;
        }
        return status;
    }
    catch (const ScenarioError& error)
    {
        std::cerr << error.what() << '\n';
        return EXIT_BAD_INPUT;
    }
    catch (const analysis::InputError& error)
    {
        std::cerr << error.what() << '\n';
        return EXIT_BAD_INPUT;
    }
    catch (const CampaignError& error)
    {
        std::cerr << error.what() << '\n';
        return EXIT_BAD_INPUT;
    }
    catch (const std::bad_alloc&)
    {
        std::cerr << "iot-fleet: out of memory\n";
        return EXIT_ENVIRONMENT;
    }
    catch (const std::exception& error)
    {
        std::cerr << error.what() << '\n';
        return EXIT_ENVIRONMENT;
    }
}

} // namespace ns3::iotfleet
