// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/sim/model/options.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pilothouse::sim {

struct Arguments {
    SimOptions options;
    std::filesystem::path folder; ///< where the sockets are made
    double historySeconds = 900; ///< ticks from before the start that consoles can fetch
    double rollupSeconds = 6 * 3600; ///< rows of 30 s from before those
    double truthSeconds = 3600; ///< how far the truth file looks ahead
    bool untilStdinEnds = false; ///< ends with the program that started it
    bool help = false;
};

/// Nullopt with a sentence in `problem`. A scenario is read first; other arguments change it.
std::optional<Arguments> parseArguments(
    const std::vector<std::string> &words, std::string &problem);
std::string helpText();

} // namespace pilothouse::sim
