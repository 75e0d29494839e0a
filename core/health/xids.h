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
    /// Translated in the context "health": a few words ("" = none), what it is, what to do.
    const char *name = nullptr, *meaning = nullptr, *next = nullptr;
};

/// So long after it was last heard of, an XID still counts: nothing else takes it back.
inline constexpr qint64 xidKeptMs = 3600 * 1000;

/// For one that the table does not have: Watch, and a meaning that says so.
XidMeaning xidMeaning(int number);

} // namespace pilothouse
