// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/agentlink/convert.h"
#include "core/agentlink/grpccalls.h"
#include "core/agentlink/grpcclient.h"

namespace pilothouse {

static double orNaN(bool known, double value)
{
    return known ? value : qQNaN();
}

static QList<GpuInstant> toInstants(const proto::GpuInstants &message)
{
    static constexpr int mostGpus = 64;
    QList<GpuInstant> gpus;
    for (const auto &from : message.gpus()) {
        if (gpus.size() == mostGpus)
            break;
        gpus << GpuInstant{cleanText(from.uuid()), orNaN(from.has_busy_ratio(), from.busy_ratio()),
            orNaN(from.has_memory_used_bytes(), from.memory_used_bytes()),
            orNaN(from.has_power_watts(), from.power_watts()),
            orNaN(from.has_temperature_celsius(), from.temperature_celsius()),
            orNaN(from.has_sm_clock_hertz(), from.sm_clock_hertz())};
    }
    return gpus;
}

std::unique_ptr<AgentStream> GrpcClient::watchGpus(int perSecond, GpuHandlers handlers)
{
    using State = StreamState<proto::GpuInstants, proto::GpuInstants>;
    proto::WatchGpusRequest request;
    request.set_per_second(quint32(qBound(1, perSecond, 20)));
    auto deliver = [handlers](proto::GpuInstants &message) {
        if (handlers.now)
            handlers.now(message.wall_ns(), toInstants(message));
    };
    auto ended = [handlers](const grpc::Status &status, const std::optional<Error> &error) {
        if (handlers.ended)
            handlers.ended(error ? *error : toError(status, QStringLiteral("gpus")));
    };
    auto state = std::make_shared<State>(
        4,
        [](proto::GpuInstants &message) -> Result<proto::GpuInstants> {
            return std::move(message);
        },
        deliver, ended);
    state->start(m_stub->PrepareAsyncWatchGpus(&state->client, request, grpcQueue()));
    return std::make_unique<StreamHandle<State>>(state);
}

} // namespace pilothouse
