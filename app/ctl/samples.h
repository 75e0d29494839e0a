// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/desk.h"
#include "core/agentlink/agentclient.h"

namespace pilothouse::ctl {

/// One tick with its catalogue, and the tick before for rates.
struct Sample {
    const AgentCatalogue &catalogue;
    const AgentTick &tick;
    const AgentTick *before = nullptr;
    const NodeClock &clock; ///< of the node

    qint64 time() const; ///< Unix ms by this machine's clock

    /// A gauge's or state's value, a counter's rate per second; nullopt when absent.
    std::optional<double> value(const SeriesInfo &info, int number) const;
    std::optional<double> value(const char *metric, const QString &device = {}) const;
};

/// Calls `take` for each live tick of a connected target until it has been called `count` times
/// (0 = until stopped). Gives the error when the stream ended before.
Task<Result<>> followSamples(Desk &desk, std::shared_ptr<const Link> link, int count,
    std::function<void(const Sample &)> take);

} // namespace pilothouse::ctl
