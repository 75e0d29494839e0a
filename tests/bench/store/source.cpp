// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/wire/tickcodec.h"
#include "tests/bench/store/parts.h"

#include "pilothouse/agent/v1/agent.grpc.pb.h"
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/server_posix.h>

#include <cstdio>

#include <fcntl.h>

namespace pilothouse::bench {

namespace {

namespace proto = pilothouse::agent::v1;

/// Everything is encoded before the first subscriber is answered.
class TickService final : public proto::Agent::Service {
public:
    TickService(int nodes, int ticks, int perBatch, qint64 begin, std::uint32_t seed)
    {
        GpuFleet fleet(seed, nodes);
        m_batches.resize(std::size_t(nodes));
        for (int node = 0; node < nodes; ++node) {
            wire::TickEncoder encoder;
            for (int tick = 0; tick < ticks; tick += perBatch) {
                proto::Batch batch;
                if (tick == 0)
                    describeAll(fleet, *batch.mutable_catalogue());
                const int count = std::min(perBatch, ticks - tick);
                std::string bytes;
                for (int i = tick; i < tick + count; ++i) {
                    const auto ns = tickTime(begin, i) * 1'000'000;
                    encoder.encode(
                        {std::uint64_t(i) + 1, ns - begin * 1'000'000 + 1, ns, fleet.next(node)},
                        bytes);
                }
                batch.set_first_number(std::uint64_t(tick) + 1);
                batch.set_count(std::uint32_t(count));
                m_bytes += bytes.size();
                batch.set_ticks(std::move(bytes));
                m_batches[std::size_t(node)].push_back(std::move(batch));
            }
        }
    }
    std::size_t bytes() const { return m_bytes; }

    grpc::Status Subscribe(grpc::ServerContext *, const proto::SubscribeRequest *request,
        grpc::ServerWriter<proto::Batch> *writer) override
    {
        const auto node = std::stoul(request->ring_id());
        for (const auto &batch : m_batches.at(node))
            if (!writer->Write(batch))
                break;
        return grpc::Status::OK;
    }

private:
    static void describeAll(const GpuFleet &fleet, proto::CatalogueReply &catalogue)
    {
        for (std::size_t i = 0; i < fleet.series().size(); ++i) {
            const auto &one = fleet.series()[i];
            auto *series = catalogue.add_series();
            series->set_number(std::uint32_t(i));
            series->set_metric(one.metric);
            series->set_device(one.device);
            series->set_kind(proto::MetricKind(int(one.kind)));
            series->set_step(1.0 / one.per);
        }
    }
    std::vector<std::vector<proto::Batch>> m_batches;
    std::size_t m_bytes = 0;
};

} // namespace

int serveTicks(const QStringList &arguments)
{
    const int nodes = arguments.value(0).toInt();
    TickService service(nodes, arguments.value(1).toInt(), arguments.value(2).toInt(),
        arguments.value(3).toLongLong(), arguments.value(4).toUInt());
    grpc::ServerBuilder builder;
    builder.RegisterService(&service);
    const auto server = builder.BuildAndStart();
    for (int i = 0; i < nodes; ++i) {
        ::fcntl(10 + i, F_SETFL, ::fcntl(10 + i, F_GETFL) | O_NONBLOCK);
        grpc::AddInsecureChannelFromFd(server.get(), 10 + i);
    }
    std::printf("wire_bytes %zu\n", service.bytes());
    std::fflush(stdout);
    std::getchar(); // until the other side is done
    server->Shutdown(std::chrono::system_clock::now());
    return 0;
}

} // namespace pilothouse::bench
