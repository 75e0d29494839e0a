// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/health/finding.h"

#include <span>

namespace pilothouse {

/// How a rule looks at its metric.
enum class RuleTest {
    Above, ///< value >= limit for `holdSeconds`
    Exceeds, ///< value - `other` >= limit for `holdSeconds`
    Falls, ///< was >= limit once and is under it for `holdSeconds`
    Bits, ///< any of the bits of `limit` for `holdSeconds`
    Grows, ///< a counter grew by `limit` within about `holdSeconds`: each growth counts, and is
           ///< forgotten with that time constant, so a thousand devices need no history
    Absent, ///< no value for `holdSeconds` while the node itself is heard
    BelowPeers, ///< under load, below `limit` of what its peers do (PeerClocks) for `holdSeconds`
    Reported, ///< no metric: somebody else sees it and says so (HealthMonitor::report)
};

/// What rules apply to.
enum class RuleSubject { Gpu, Interface, Mount, Node };

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
    /// Translated in the context "health": a few words, why it matters, what to do now.
    const char *title, *sentence, *next;
    const char *other = nullptr; ///< the second metric of Exceeds
};

std::span<const HealthRule> healthRules();
/// Null when there is none of that id.
const HealthRule *healthRule(const QString &id);

/// How many GPUs of a node give values, as rules of nodes with two or more may read it. Not a
/// metric of the agent's: HealthMonitor counts.
inline constexpr const char *gpusHeard = "gpus_heard";
/// Of the target that should be heard and is not.
inline constexpr const char *silentRule = "silent";

} // namespace pilothouse
