// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace pilothouse::agent {

/// A path of /proc/self/mounts as it is: blanks, tabs, newlines and backslashes come as octal
/// escapes.
std::string mountPath(std::string_view text);

} // namespace pilothouse::agent
