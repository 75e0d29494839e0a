// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/health/finding.h"

#include <span>

namespace pilothouse {

/// How a rule looks at its metric.
enum class RuleTest {
    Above, ///< value >= limit for `holdSeconds`
    Bits, ///< any of the bits of `limit` for `holdSeconds`
    Grows, ///< a counter grew by `limit` within about `holdSeconds`: each growth counts, and is
           ///< forgotten with that time constant, so a thousand devices need no history
    Absent, ///< no value for `holdSeconds` while the node itself is heard
    BelowPeers, ///< under `limit` of what the others of its kind do, for `holdSeconds`
};

/// What rules apply to.
enum class RuleSubject { Gpu, Interface, Node };

/// One row of the table; README.md says how to add one.
struct HealthRule {
    const char *id;
    RuleSubject subject;
    RuleTest test;
    const char *metric;
    double limit;
    int holdSeconds;
    int clearSeconds; ///< good for so long: over
    HealthVerdict verdict;
    const char *sentence; ///< translated in the context "health"
};

std::span<const HealthRule> healthRules();

} // namespace pilothouse
