// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/agents/agent/agenthost.h"

#include "agents/agent/folders.h"
#include "agents/agent/processes.h"
#include "agents/agent/program.h"
#include "agents/wire/magic.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QThread>

#include <grpcpp/create_channel_posix.h>

#include <csignal>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <sys/wait.h>

namespace pilothouse::test {

static std::pair<agent::Fd, agent::Fd> pair()
{
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        qFatal("socketpair");
    return {agent::Fd(ends[0]), agent::Fd(ends[1])};
}

static agent::Environment environmentOf(const QStringList &entries)
{
    agent::Environment environment;
    for (const auto &entry : entries)
        environment[entry.section(QLatin1Char('='), 0, 0).toStdString()]
            = entry.section(QLatin1Char('='), 1).toStdString();
    return environment;
}

AgentConnection::AgentConnection(const QString &program, const QStringList &environment)
{
    auto [ours, theirs] = pair();
    auto [errors, theirErrors] = pair();
    agent::SpawnOptions options;
    options.input = options.output = theirs.number();
    options.error = theirErrors.number();
    const int error = agent::spawn(program.toStdString(), {"pilothouse-agent", "connect"},
        environmentOf(environment), options, m_pid);
    if (error)
        qFatal("spawn: %s", strerror(error));
    theirs.reset();
    theirErrors.reset();
    std::string line;
    char c = 0;
    while (line.size() < wire::magic.size() && ::read(ours.number(), &c, 1) == 1)
        line += c;
    if (line != wire::magic) {
        char buffer[4096];
        ssize_t n = 0;
        while ((n = ::read(errors.number(), buffer, sizeof buffer)) > 0)
            m_trouble.append(buffer, n);
        return;
    }
    ::fcntl(ours.number(), F_SETFL, O_NONBLOCK);
    grpc::ChannelArguments arguments;
    m_channel = grpc::CreateCustomInsecureChannelFromFd("agent", ours.release(), arguments);
    m_stub = v1::Agent::NewStub(m_channel);
}

AgentConnection::~AgentConnection()
{
    m_stub.reset();
    m_channel.reset(); // closes the socket: the bridge sees the end of its input
    ::waitpid(m_pid, nullptr, 0);
}

void AgentConnection::cut()
{
    ::kill(m_pid, SIGKILL);
}

AgentHost::AgentHost(const QString &machineId, const AgentHost *home)
    : m_folder(std::make_unique<QTemporaryDir>())
    , m_program(QStringLiteral(PILOTHOUSE_AGENT))
    , m_machineId(machineId)
{
    m_home = home ? home->m_home : m_folder->path() + QStringLiteral("/home");
    m_run = m_folder->path() + QStringLiteral("/run");
    QDir().mkpath(m_home);
}

QStringList AgentHost::environment() const
{
    return {QStringLiteral("HOME=") + m_home,
        QStringLiteral("PATH=") + qEnvironmentVariable("PATH"),
        QStringLiteral("PILOTHOUSE_AGENT_RUN=") + m_run,
        QStringLiteral("PILOTHOUSE_AGENT_HOST_ID=") + m_machineId,
        QStringLiteral("SSH_CONNECTION=10.0.0.1 1 10.0.0.2 22"), QStringLiteral("LC_ALL=C.UTF-8"),
        QStringLiteral("ASAN_OPTIONS=") + qEnvironmentVariable("ASAN_OPTIONS")};
}

AgentHost::~AgentHost()
{
    run({QStringLiteral("remove"), QStringLiteral("--force")});
}

std::unique_ptr<AgentConnection> AgentHost::connect() const
{
    return std::make_unique<AgentConnection>(m_program, environment());
}

Ran AgentHost::run(const QStringList &arguments, const QString &program) const
{
    QProcess process;
    process.setProcessEnvironment([this] {
        QProcessEnvironment result;
        for (const auto &entry : environment())
            result.insert(
                entry.section(QLatin1Char('='), 0, 0), entry.section(QLatin1Char('='), 1));
        return result;
    }());
    process.start(program.isEmpty() ? m_program : program, arguments);
    process.closeWriteChannel();
    process.waitForFinished(60'000);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
        process.readAllStandardOutput(), process.readAllStandardError()};
}

int AgentHost::daemonPid() const
{
    const auto status = QJsonDocument::fromJson(run({QStringLiteral("status")}).out).object();
    return status.value(QLatin1String("pid")).toInt();
}

void AgentHost::killDaemon() const
{
    agent::Folders folders;
    folders.run = m_run.toStdString();
    const int pid = daemonPid();
    ::kill(pid, SIGKILL);
    // Its first thread may be gone while another still holds the lock.
    eventually([&] { return !processExists(pid) && !agent::daemonRuns(folders); });
}

QString AgentHost::stateFolder() const
{
    utsname names{};
    ::uname(&names);
    return m_home + QStringLiteral("/.local/state/pilothouse/hosts/") + m_machineId
        + QLatin1Char('-') + QString::fromLocal8Bit(names.nodename);
}

v1::SubmitJobRequest command(const std::string &id, const std::vector<std::string> &argv)
{
    v1::SubmitJobRequest request;
    request.mutable_spec()->set_client_id(id);
    request.mutable_spec()->set_name(id);
    for (const auto &argument : argv)
        request.mutable_spec()->add_argv(argument);
    return request;
}

v1::SubmitJobRequest shell(const std::string &id, const std::string &script)
{
    auto request = command(id, {});
    request.mutable_spec()->set_script(script);
    return request;
}

std::optional<v1::Job> job(AgentConnection &agent, const std::string &id)
{
    CallContext context;
    v1::ListJobsRequest request;
    request.add_ids(id);
    v1::ListJobsReply reply;
    if (!agent->ListJobs(&context, request, &reply).ok() || reply.jobs_size() == 0)
        return std::nullopt;
    return reply.jobs(0);
}

v1::Job waitForEnd(AgentConnection &agent, const std::string &id)
{
    CallContext context;
    const auto stream = agent->WatchJobs(&context, {});
    v1::JobEvent event;
    v1::Job last;
    while (stream->Read(&event)) {
        if (event.job().id() != id)
            continue;
        last = event.job();
        if (last.state() != v1::QUEUED && last.state() != v1::RUNNING)
            break;
    }
    context.TryCancel();
    stream->Finish();
    return last;
}

std::string logOf(AgentConnection &agent, const std::string &id)
{
    CallContext context;
    v1::ReadLogRequest request;
    request.set_id(id);
    request.set_follow(true);
    const auto stream = agent->ReadLog(&context, request);
    std::string log;
    v1::LogChunk chunk;
    while (stream->Read(&chunk)) {
        if (chunk.offset() != log.size())
            return "chunk out of order";
        log += chunk.data();
    }
    return stream->Finish().ok() ? log : "failed";
}

bool processExists(int pid)
{
    const auto stat = agent::processStat(pid);
    return stat && !stat->dead();
}

bool eventually(const std::function<bool()> &holds)
{
    for (int i = 0; i < 3000; ++i) {
        if (holds())
            return true;
        QThread::msleep(10);
    }
    return false;
}

} // namespace pilothouse::test
