// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/sim/fleetserver.h"

#include <cstdio>

using namespace pilothouse::sim;

int main(int argc, char **argv)
{
    std::string problem;
    auto arguments = parseArguments({argv + 1, argv + argc}, problem);
    if (arguments && arguments->help) {
        std::fputs(helpText().c_str(), stdout);
        return 0;
    }
    if (!arguments) {
        std::fprintf(stderr, "pilothouse-sim: %s\n", problem.c_str());
        return 2;
    }
    FleetServer server(std::move(*arguments));
    problem = server.run();
    if (!problem.empty())
        std::fprintf(stderr, "pilothouse-sim: %s\n", problem.c_str());
    return problem.empty() ? 0 : 1;
}
