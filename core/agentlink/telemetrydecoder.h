// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Private to core/agentlink.

#include "agents/wire/tickcodec.h"
#include "core/agentlink/convert.h"
#include "core/agentlink/floodgate.h"

#include <memory>

namespace pilothouse {

/// What one Batch becomes.
struct TelemetryItem {
    std::optional<AgentCatalogue> catalogue; ///< when the batch carried one
    std::vector<AgentTick> ticks;
    std::vector<KernelMessage> kernel;
    qint64 sentWallNs = 0, sentBoottimeNs = 0; ///< 0: not said, or no time at all
};

/// Decoding state of one subscription; lives on the gRPC thread. Batches come in the stream's
/// order.
class TelemetryDecoder {
public:
    explicit TelemetryDecoder(std::shared_ptr<FloodGate> gate)
        : m_gate(std::move(gate))
    {
    }
    /// BadReply: the batch cannot be read, holds impossible times, or would unfold to more values
    /// than a message may. The subscription is then over: later ticks have lost their base.
    /// Denied: the gate is full.
    Result<TelemetryItem> operator()(const proto::Batch &batch);

private:
    std::shared_ptr<FloodGate> m_gate;
    wire::TickDecoder m_decoder;
    std::vector<double> m_steps; ///< of the last catalogue, by series number
};

} // namespace pilothouse
