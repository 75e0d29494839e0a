// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace pilothouse::agent {

/// Text of somebody else's making as valid UTF-8 on one line: a NUL within becomes a blank; control
/// characters (C0, DEL, C1), damaged, overlong and cut characters become '?'.
std::string printable(std::string text);

} // namespace pilothouse::agent
