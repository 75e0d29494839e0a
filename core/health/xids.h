// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/health/finding.h"

namespace pilothouse {

/// What NVIDIA says of an XID ("XID Errors", docs.nvidia.com/deploy/xid-errors) and what an
/// operator does about it.
struct XidMeaning {
    int number = 0;
    HealthVerdict verdict = HealthVerdict::Watch;
    const char *meaning = nullptr; ///< translated in the context "health"
};

/// For one that the table does not have: Watch, and a meaning that says so.
XidMeaning xidMeaning(int number);

} // namespace pilothouse
