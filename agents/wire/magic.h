// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace pilothouse::wire {

/// What `pilothouse-agent connect` prints before the first gRPC byte. A login shell may print noise
/// ahead of it: the console drops everything up to and including this line.
inline constexpr std::string_view magic = "PILOTHOUSE-AGENT 1\n";

} // namespace pilothouse::wire
