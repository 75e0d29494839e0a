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
    const QString &without; ///< why there is no agent and these are basics; empty = there is one

    qint64 time() const; ///< Unix ms by this machine's clock

    /// A gauge's or state's value, a counter's rate per second; nullopt when absent.
    std::optional<double> value(const SeriesInfo &info, int number) const;
    std::optional<double> value(const char *metric, const QString &device = {}) const;
};

/// What comes of a sample: true counts it, false does not (it was not yet what is wanted), and an
/// error ends the stream.
using TakeSample = std::function<Result<bool>(const Sample &)>;

/// Gives `take` each live tick of a connected target until it has counted `count` of them (0 =
/// until stopped), or stdout has no reader. Gives the error when the stream ended before. Without
/// an agent plain commands are asked every two seconds.
Task<Result<>> followSamples(
    Desk &desk, std::shared_ptr<const Link> link, int count, TakeSample take);

/// The part of it for a link without an agent.
Task<Result<>> followPlain(
    Desk &desk, std::shared_ptr<const Link> link, int count, TakeSample take);

} // namespace pilothouse::ctl
