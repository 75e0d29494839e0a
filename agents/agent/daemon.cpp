// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/daemon.h"

#include "agents/agent/agentlog.h"
#include "agents/agent/commands.h"
#include "agents/agent/disk.h"
#include "agents/agent/execservice.h"
#include "agents/agent/gpuchoice.h"
#include "agents/agent/processes.h"
#include "agents/agent/sampler.h"
#include "agents/agent/service.h"
#include "agents/agent/unixsocket.h"
#include "agents/agent/version.h"
#include "agents/wire/magic.h"

#include <grpc/support/log.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/server_posix.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>

#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <thread>

namespace pilothouse::agent {

static constexpr int mostThreads = 96; // each open stream holds one
static constexpr int64_t second = 1'000'000'000;

Daemon::Daemon(Folders folders, int64_t idleSeconds)
    : m_folders(std::move(folders))
    , m_idleSeconds(idleSeconds)
{
}

std::string Daemon::prepare()
{
    if (auto sentence = secureRunFolder(m_folders.run))
        return *sentence;
    m_lock = Fd(
        ::open(m_folders.daemonLock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!m_lock)
        return m_folders.daemonLock().string() + ": " + errnoText(errno) + '.';
    // One that was asked to go may need a moment.
    for (int i = 0; ::flock(m_lock.number(), LOCK_EX | LOCK_NB) != 0; ++i) {
        if (i >= 300)
            return "Another agent of this user runs here already.";
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    if (const int error = makeFolders(m_folders.jobs))
        return "The folder for jobs, " + m_folders.jobs.string()
            + ", cannot be made: " + errnoText(error) + '.';
    openLog(m_folders.log());
    sigset_t set;
    ::sigemptyset(&set);
    for (const int number : {SIGTERM, SIGINT, SIGHUP})
        ::sigaddset(&set, number);
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr); // before any thread is made
    ::signal(SIGPIPE, SIG_IGN);
    m_signals = Fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    m_leave = Fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    m_listen = listenUnix(m_folders.socket());
    if (!m_listen)
        return "The socket " + m_folders.socket().string() + " cannot be made: " + errnoText(errno)
            + '.';
    return {};
}

static void smallFootprint()
{
    // glibc would give each thread an arena and 8 MB of stack.
    ::mallopt(M_ARENA_MAX, 2);
    ::mallopt(M_TRIM_THRESHOLD, 256 * 1024);
    pthread_attr_t attributes;
    ::pthread_attr_init(&attributes);
    ::pthread_attr_setstacksize(&attributes, 512 * 1024);
    ::pthread_setattr_default_np(&attributes);
    ::pthread_attr_destroy(&attributes);
    gpr_set_log_verbosity(GPR_LOG_SEVERITY_ERROR);
    gpr_set_log_function(
        [](gpr_log_func_args *args) { logLine(std::string("grpc: ") + args->message); });
}

static void tell(Fd &readyFd, const std::string &word)
{
    if (readyFd)
        writeAll(readyFd.number(), word);
    readyFd.reset();
}

int Daemon::run(Fd readyFd)
{
    if (const auto sentence = prepare(); !sentence.empty()) {
        tell(readyFd, sentence);
        return failed(sentence);
    }
    smallFootprint();
    JobStore *store = nullptr;
    std::mutex storeMutex; // the sampler's threads outlive the store
    SamplerOptions sampling;
    sampling.ringFolder = m_folders.run;
    sampling.jobOfPid = [&store, &storeMutex](uint32_t pid) {
        const std::lock_guard lock(storeMutex);
        return store ? store->jobOfProcess(static_cast<int>(pid)) : std::string();
    };
    const auto telemetry = makeSampler(std::move(sampling));
    JobStore jobs(
        m_folders.jobs, [&telemetry] { return gpusByLoad(*telemetry); },
        [&telemetry](const std::string &id) {
            auto found = telemetry->gpuAccounts(id);
            return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
        });
    {
        const std::lock_guard lock(storeMutex);
        store = &jobs;
    }
    jobs.load();
    AgentService service(m_folders, jobs, *telemetry, [this](std::string reason) {
        const std::lock_guard lock(m_mutex);
        m_reason = "handed over: " + reason;
        ::eventfd_write(m_leave.number(), 1);
    });

    grpc::ServerBuilder builder;
    grpc::ResourceQuota quota("agent");
    quota.SetMaxThreads(mostThreads);
    builder.SetResourceQuota(quota);
    builder.SetMaxReceiveMessageSize(8 << 20);
    builder.SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, 1);
    builder.SetSyncServerOption(grpc::ServerBuilder::MIN_POLLERS, 1);
    builder.SetSyncServerOption(grpc::ServerBuilder::MAX_POLLERS, 2);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 1000);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    // A client that vanished without a word behind a half-open link frees its streams.
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 30'000);
    builder.RegisterService(&service);
    auto execQueue = builder.AddCompletionQueue();
    const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
    {
        const ExecService exec(service, std::move(execQueue));
        const auto self = processStat(::getpid()).value_or(ProcessStat{});
        writeDaemonInfo(
            m_folders, {self.pid, self.start, bootId(), agentVersion(), installedNs(), wallNs()});
        logLine("ready: " + agentVersion() + ", pid " + std::to_string(self.pid));
        tell(readyFd, "ready\n");
        loop(*server, jobs);
        logLine("ends: " + m_reason);
        m_listen.reset();
        ::unlink(m_folders.socket().c_str());
        service.stop();
        server->Shutdown(std::chrono::system_clock::now() + std::chrono::milliseconds(500));
    }
    {
        const std::lock_guard lock(storeMutex);
        store = nullptr;
    }
    ::unlink(m_folders.daemonFile().c_str());
    return 0;
}

void Daemon::acceptOne(grpc::Server &server)
{
    Fd client(::accept4(m_listen.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!client)
        return;
    if (const long user = peerUser(client.number()); user != static_cast<long>(::getuid())) {
        logLine("refused a connection of user " + std::to_string(user));
        return;
    }
    // The greeting tells a `connect` that somebody serves here: a dying daemon's socket still
    // accepts.
    if (writeAll(client.number(), wire::magic) != 0)
        return;
    m_clients.emplace_back(::fcntl(client.number(), F_DUPFD_CLOEXEC, 0));
    grpc::AddInsecureChannelFromFd(&server, client.release());
}

void Daemon::loop(grpc::Server &server, const JobStore &jobs)
{
    int64_t idleSince = boottimeNs();
    while (true) {
        std::vector<pollfd> polled{{m_listen.number(), POLLIN, 0}, {m_signals.number(), POLLIN, 0},
            {m_leave.number(), POLLIN, 0}};
        for (const auto &client : m_clients)
            polled.push_back({client.number(), POLLRDHUP, 0});
        // Jobs may end while nobody is connected, so an idle daemon looks again each minute.
        ::poll(polled.data(), polled.size(),
            m_clients.empty() ? static_cast<int>(std::clamp<int64_t>(m_idleSeconds, 1, 60)) * 1000
                              : -1);
        signalfd_siginfo info{};
        if (::read(m_signals.number(), &info, sizeof info) == sizeof info) {
            m_reason = "signal " + std::to_string(info.ssi_signo);
            return;
        }
        if (polled[2].revents)
            return;
        std::size_t index = 3;
        m_clients.remove_if([&](const Fd &) { return polled[index++].revents != 0; });
        if (polled[0].revents)
            acceptOne(server);
        if (!m_clients.empty() || jobs.active() > 0)
            idleSince = boottimeNs();
        if (boottimeNs() - idleSince > m_idleSeconds * second) {
            m_reason
                = "nobody was connected and no job ran for " + std::to_string(m_idleSeconds) + " s";
            return;
        }
    }
}

static int64_t numberOf(const std::string &text)
{
    int64_t value = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? value : -1;
}

int runServe(const Arguments &arguments)
{
    int64_t idleSeconds = 24 * 3600;
    Fd readyFd;
    for (std::size_t i = 0; i < arguments.size(); i += 2) {
        const int64_t value = i + 1 < arguments.size() ? numberOf(arguments[i + 1]) : -1;
        if (value < 0)
            return 2;
        if (arguments[i] == "--idle-exit")
            idleSeconds = value;
        else if (arguments[i] == "--ready-fd")
            readyFd = Fd(static_cast<int>(value));
        else
            return 2;
    }
    if (readyFd)
        ::fcntl(readyFd.number(), F_SETFD, FD_CLOEXEC);
    ::setsid();
    if (const Fd null(::open("/dev/null", O_RDWR | O_CLOEXEC)); null && readyFd) {
        for (const int fd : {0, 1, 2})
            ::dup2(null.number(), fd);
    }
    return Daemon(findFolders(), idleSeconds).run(std::move(readyFd));
}

} // namespace pilothouse::agent
