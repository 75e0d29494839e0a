// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

namespace pilothouse {

/// A program's exit code for a failure: 1 failed, 2 usage, 3 unreachable, 4 denied or host key,
/// 5 not found, 6 timeout, 7 unsupported, 8 cancelled.
int exitCode(ErrorKind kind);

} // namespace pilothouse
