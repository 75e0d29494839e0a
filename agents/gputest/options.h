// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace gputest {

struct Options {
    int seconds = 60; ///< for everything
    int patience = 30; ///< so many seconds later a driver counts as hanging
    std::vector<std::string> devices; ///< UUIDs; empty = all that CUDA shows
    bool json = false; ///< print the result to a terminal, too
    bool help = false, version = false;
    std::string problem; ///< a sentence; then nothing else counts
};

/// Arguments without the program's name.
Options parseOptions(const std::vector<std::string> &arguments);

extern const char *const helpText;

} // namespace gputest
