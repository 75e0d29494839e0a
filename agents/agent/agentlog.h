// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

namespace pilothouse::agent {

/// The daemon's own log, `log` and `log.1` in the run folder, at most 256 KB each.
void openLog(const std::filesystem::path &file);
/// One line with the time before it. Thread-safe; does nothing before openLog.
void logLine(std::string_view line);

} // namespace pilothouse::agent
