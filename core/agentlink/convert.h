// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Private to core/agentlink: protocol messages to plain structs and back. Pure; tested on messages.

#include "core/agentlink/agentclient.h"

#include <grpcpp/support/status.h>
#include <pilothouse/agent/v1/agent.pb.h>

namespace pilothouse {

namespace proto = ::pilothouse::agent::v1;

/// Text of a peer: at most 1 KB, damaged UTF-8 replaced.
QString cleanText(const std::string &text, std::size_t limit = 1024);

/// A clock reading in ns that arithmetic can be done with: not negative, before the year 2096.
constexpr bool plausible(qint64 ns)
{
    return ns >= 0 && ns < 4'000'000'000'000'000'000;
}

/// A wire integer in base units; NaN when the agent said absent, or when no double holds it.
double inSteps(qint64 raw, double step);

NodeFacts toFacts(const proto::HelloReply &reply);
/// The first wire::TickDecoder::maxSeries series; how many more there are is said as unsupported.
AgentCatalogue toCatalogue(const proto::CatalogueReply &reply);
AgentRollup toRollup(const proto::RollupBatch &row, const AgentCatalogue &catalogue);
Process toProcess(const proto::Process &process);
GpuShare toShare(const proto::GpuAccount &account);
KernelMessage toMessage(const proto::KernelEvent &event);
Job toJob(const proto::Job &job);
proto::JobSpec fromSpec(const QString &id, const JobSpec &spec);
FileInfo toFileInfo(const proto::FileInfo &info);
proto::FileInfo fromFileInfo(const FileInfo &info);

/// UNAVAILABLE is Unreachable, and so on; the agent's sentence becomes the message. A call that was
/// cancelled without our asking lost its peer: Unreachable.
Error toError(const grpc::Status &status, const QString &stage, bool askedToStop = false);

} // namespace pilothouse
