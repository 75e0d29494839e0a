// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace pilothouse::agent {

/// "~" and "~/x" are below the home folder, and so is a relative path. nullopt: empty or with a
/// NUL.
std::optional<std::string> userPath(const std::string &path);

} // namespace pilothouse::agent
