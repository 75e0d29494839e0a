// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/sim/fleetserver.h"

#include "agents/sim/model/scenario.h"
#include "agents/sim/sockets.h"
#include "agents/sim/streams.h"

#include <grpc/support/log.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/server_posix.h>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fstream>

#include <poll.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pilothouse::sim {

static constexpr int slots = 100; ///< of a second; nodes are spread over them

struct FleetServer::State {
    explicit State(const Arguments &arguments)
        : host(arguments)
        , service(host)
    {
    }

    SimHost host;
    SimService service;
    std::unique_ptr<grpc::ServerCompletionQueue> queue;
    std::unique_ptr<grpc::Server> server;
    std::unique_ptr<NodeSockets> sockets;
    std::unique_ptr<Streams> streams;
    agent::Fd signals;
};

FleetServer::FleetServer(Arguments arguments)
    : m_arguments(std::move(arguments))
{
}

FleetServer::~FleetServer() = default;

static void writeText(const std::filesystem::path &path, const std::string &text)
{
    const auto part = path.string() + ".part"; // a reader never sees half of it
    std::ofstream(part) << text;
    std::filesystem::rename(part, path);
}

void FleetServer::writeFiles() const
{
    const auto &clock = m_state->host.clock();
    nlohmann::json nodes = nlohmann::json::array();
    const auto &options = m_arguments.options;
    for (std::size_t node = 0; node < options.nodes; ++node) {
        nodes.push_back({{"name", nodeName(node)}, {"socket", nodeName(node) + ".sock"},
            {"cluster", clusterName(node / options.nodesOfCluster())}});
    }
    const nlohmann::json fleet{{"simulated", true}, {"seed", options.seed}, {"gpus", options.gpus},
        {"start_ns", clock.startWallNs()}, {"pid", ::getpid()}, {"nodes", std::move(nodes)}};
    writeText(m_arguments.folder / "fleet.json", fleet.dump(1) + '\n');
}

static std::unique_ptr<grpc::Server> startServer(
    SimService &service, std::unique_ptr<grpc::ServerCompletionQueue> &queue)
{
    grpc::ServerBuilder builder;
    grpc::ResourceQuota quota("sim");
    // Calls that come while all are busy are refused, so there is room for a console that opens
    // all nodes at once; idle threads end by themselves.
    quota.SetMaxThreads(64);
    builder.SetResourceQuota(quota);
    builder.SetMaxReceiveMessageSize(8 << 20);
    builder.SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, 1);
    builder.SetSyncServerOption(grpc::ServerBuilder::MIN_POLLERS, 1);
    builder.SetSyncServerOption(grpc::ServerBuilder::MAX_POLLERS, 2);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 1000);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    builder.RegisterService(&service);
    queue = builder.AddCompletionQueue();
    return builder.BuildAndStart();
}

static agent::Fd blockSignals()
{
    sigset_t set;
    ::sigemptyset(&set);
    for (const int number : {SIGTERM, SIGINT, SIGHUP})
        ::sigaddset(&set, number);
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr); // before any thread is made
    ::signal(SIGPIPE, SIG_IGN);
    return agent::Fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

std::string FleetServer::run()
{
    auto signals = blockSignals();
    const std::size_t files = raiseFileLimit(), needed = 3 * m_arguments.options.nodes + 100;
    if (files < needed)
        return "This many nodes need " + std::to_string(needed) + " open files; the limit is "
            + std::to_string(files) + " (ulimit -n).";
    std::error_code error;
    std::filesystem::create_directories(m_arguments.folder, error);
    if (error || ::chmod(m_arguments.folder.c_str(), 0700) != 0)
        return m_arguments.folder.string() + " cannot be made or is not ours.";
    gpr_set_log_verbosity(GPR_LOG_SEVERITY_ERROR);
    m_state = std::make_unique<State>(m_arguments);
    m_state->signals = std::move(signals);
    m_state->server = startServer(m_state->service, m_state->queue);
    m_state->streams = std::make_unique<Streams>(m_state->service, m_state->host, *m_state->queue);
    m_state->sockets = std::make_unique<NodeSockets>(
        m_arguments.folder, m_arguments.options.nodes, [this](std::size_t node, int fd) {
            m_state->host.setNodeOfFd(fd, node);
            grpc::AddInsecureChannelFromFd(m_state->server.get(), fd);
        });
    auto problem = m_state->sockets->openAll();
    if (problem.empty()) {
        writeFiles();
        writeText(m_arguments.folder / "truth.json",
            truthJson(m_arguments.options, m_arguments.truthSeconds,
                m_state->host.clock().startWallNs()));
        for (const auto &sentence : m_state->host.problems())
            std::fprintf(stderr, "pilothouse-sim: %s\n", sentence.c_str());
        std::puts("ready");
        std::fflush(stdout);
        loop();
    }
    m_state->streams->stop();
    m_state->sockets.reset();
    m_state->server->Shutdown(std::chrono::system_clock::now());
    m_state->queue->Shutdown();
    void *tag = nullptr;
    for (bool ok = false; m_state->queue->Next(&tag, &ok);)
        Streams::event(tag, ok);
    for (const char *name : {"fleet.json", "truth.json"})
        std::filesystem::remove(m_arguments.folder / name, error);
    return problem;
}

bool FleetServer::wantsToEnd() const
{
    signalfd_siginfo info{};
    if (::read(m_state->signals.number(), &info, sizeof info) == sizeof info)
        return true;
    if (!m_arguments.untilStdinEnds)
        return false;
    pollfd in{STDIN_FILENO, POLLIN, 0};
    char ignored[256];
    return ::poll(&in, 1, 0) > 0 && ::read(STDIN_FILENO, ignored, sizeof ignored) <= 0;
}

void FleetServer::loop()
{
    auto &state = *m_state;
    const std::size_t nodes = m_arguments.options.nodes;
    const auto &clock = state.host.clock();
    auto slot = int64_t(clock.second() * slots) + 1;
    while (true) {
        // Just after the slot's end, when all ticks of it have been taken.
        const double due = double(slot) / slots - clock.second();
        void *tag = nullptr;
        bool ok = false;
        const auto wait
            = gpr_time_from_micros(std::max<int64_t>(0, int64_t(due * 1e6)), GPR_TIMESPAN);
        const auto got
            = state.queue->AsyncNext(&tag, &ok, gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), wait));
        if (got == grpc::CompletionQueue::GOT_EVENT)
            Streams::event(tag, ok);
        if (clock.second() < double(slot) / slots)
            continue;
        // A thread that was held up makes up for all slots it has missed, but each node once.
        const auto now = std::min(int64_t(clock.second() * slots), slot + slots - 1);
        for (; slot <= now; ++slot) {
            const auto place = std::size_t((slot - 1) % slots);
            const std::size_t first = (place * nodes + slots - 1) / slots,
                              last = ((place + 1) * nodes + slots - 1) / slots;
            for (std::size_t node = first; node < last; ++node) {
                state.sockets->setOpen(node, state.host.isReachable(node));
                state.streams->tick(node);
            }
        }
        slot = std::max(slot, int64_t(clock.second() * slots));
        state.sockets->poll();
        if (wantsToEnd())
            return;
    }
}

} // namespace pilothouse::sim
