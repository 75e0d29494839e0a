// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/sim/model/fleet.h"

#include <optional>
#include <string>
#include <string_view>

namespace pilothouse::sim {

/// Reads a scenario, JSON with // comments; what it does not name stays as in `options`. README.md
/// lists the keys. On failure `problem` is a sentence that names the key; unknown keys are one.
std::optional<SimOptions> readScenario(
    std::string_view json, SimOptions options, std::string &problem);

/// The truth file: what SimFleet::truth() tells, as JSON. `startWallNs`: Unix nanoseconds of second
/// 0, so that each fault has its times as Unix nanoseconds too.
std::string truthJson(const SimOptions &options, double until, int64_t startWallNs);

} // namespace pilothouse::sim
