// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/supervisor.h"

#include "agents/agent/commands.h"
#include "agents/agent/disk.h"
#include "agents/agent/jobfolder.h"
#include "agents/agent/processes.h"

#include <algorithm>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>

namespace fs = std::filesystem;

namespace pilothouse::agent {

static constexpr int64_t second = 1'000'000'000;
static constexpr unsigned limitGrace = 10; // seconds between TERM and KILL at the time limit
static constexpr int64_t leftoverGrace = 5 * second;

int runSupervise(const Arguments &arguments)
{
    if (arguments.size() != 1)
        return 2;
    return Supervisor(arguments[0]).run();
}

Supervisor::Supervisor(fs::path folder)
    : m_folder(std::move(folder))
    , m_writer(m_folder)
{
}

static void send(const std::vector<ProcessStat> &processes, int number)
{
    for (const auto &process : processes)
        ::kill(process.pid, number);
}

int Supervisor::run()
{
    ::setsid(); // EPERM when the daemon's spawn has done it already
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    ::syscall(SYS_close_range, 3, ~0U, 0);
    sigset_t set;
    ::sigemptyset(&set);
    for (const int number : {SIGCHLD, SIGUSR1, SIGTERM, SIGINT, SIGHUP})
        ::sigaddset(&set, number);
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
    ::signal(SIGPIPE, SIG_IGN);
    m_signals = Fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    if (::chdir("/") != 0 || !m_signals)
        return 1;
    if (begin()) {
        watch();
        finish();
    }
    return 0;
}

bool Supervisor::begin()
{
    const auto job = readJobSpec(m_folder);
    const auto self = processStat(::getpid());
    if (!job || !self)
        return false;
    m_job = *job;
    m_status.bootId = bootId();
    m_status.supervisorPid = self->pid;
    m_status.supervisorStart = self->start;
    if (m_writer.claim(m_status) != 0)
        return false; // another supervisor has it, or the daemon will see that nothing came of it
    if (readCancelGrace(m_folder)) {
        m_status.phase = wire::JobPhase::Cancelled;
        m_status.endedNs = wallNs();
        m_status.reason = "Cancelled before it started.";
        record();
        return false;
    }
    if (const int error = m_writer.reserve()) {
        neverStarted("There is no room to keep the job's state in " + m_folder.string() + ": "
                + errnoText(error) + '.',
            126);
        return false;
    }
    const JobCommand command = prepareJob(m_job, m_folder, processEnvironment());
    if (!command.trouble.empty()) {
        neverStarted(command.trouble, command.exitCode);
        return false;
    }
    const Fd log(
        ::open((m_folder / jobfile::log).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (!log) {
        neverStarted("The log file cannot be made: " + errnoText(errno) + '.', 126);
        return false;
    }
    if (const int error = m_process.start(command, log.number())) {
        neverStarted("No process could be made: " + errnoText(error) + '.', 126);
        return false;
    }
    const auto child = processStat(m_process.pid());
    m_status.phase = wire::JobPhase::Running;
    m_status.pid = m_process.pid();
    m_status.pidStart = child ? child->start : 0;
    m_status.startedNs = wallNs();
    record();
    m_process.release();
    return true;
}

void Supervisor::neverStarted(const std::string &reason, int exitCode)
{
    m_status.phase = wire::JobPhase::Failed;
    m_status.endedNs = wallNs();
    m_status.hasExit = true;
    m_status.exitCode = exitCode;
    m_status.reason = reason;
    record();
}

void Supervisor::record()
{
    // The job's end must not be lost because something else fills the disk: room was set aside, and
    // when even that did not help, try until there is some.
    for (unsigned wait = 1; m_writer.replace(m_status) != 0; wait = std::min(wait * 2, 30U))
        ::sleep(wait);
}

void Supervisor::watch()
{
    const int64_t now = boottimeNs();
    if (m_job.spec().time_limit_seconds() > 0)
        m_limitAt = now + m_job.spec().time_limit_seconds() * second;
    m_sampleEvery = second / 4;
    m_sampleAt = now + m_sampleEvery;
    lookForCancel(); // asked for while it started
    while (!m_mainEnded) {
        pollfd signals{m_signals.number(), POLLIN, 0};
        ::poll(&signals, 1, timeoutMs());
        onSignals();
        reap();
        if (!m_mainEnded)
            onTimers();
    }
}

int Supervisor::timeoutMs() const
{
    int64_t next = m_sampleAt;
    for (const int64_t at : {m_killAt, m_limitAt}) {
        if (at > 0)
            next = std::min(next, at);
    }
    return static_cast<int>(std::max<int64_t>(0, (next - boottimeNs()) / 1'000'000 + 1));
}

void Supervisor::onSignals()
{
    signalfd_siginfo info{};
    while (::read(m_signals.number(), &info, sizeof info) == sizeof info) {
        if (info.ssi_signo == SIGUSR1 && info.ssi_code == SI_QUEUE && !m_mainEnded)
            endJob(Ending::Cancelled, static_cast<unsigned>(std::max(info.ssi_int, 0)));
        else if (info.ssi_signo != SIGCHLD && info.ssi_signo != SIGUSR1 && m_ending == Ending::None)
            endJob(Ending::Shutdown, 0);
    }
}

void Supervisor::lookForCancel()
{
    if (const auto grace = readCancelGrace(m_folder); grace && !m_mainEnded)
        endJob(Ending::Cancelled, *grace);
}

void Supervisor::endJob(Ending why, unsigned graceSeconds)
{
    if (m_ending == Ending::None || m_ending == Ending::Shutdown)
        m_ending = why;
    const auto processes = descendants(::getpid());
    send(processes, SIGTERM);
    send(processes, SIGCONT); // a stopped process acts on TERM only then
    if (why == Ending::Shutdown)
        return; // whoever sent it knows when to KILL
    const int64_t at = boottimeNs() + graceSeconds * second;
    m_killAt = m_killAt == 0 ? at : std::min(m_killAt, at);
}

void Supervisor::onTimers()
{
    const int64_t now = boottimeNs();
    if (m_sampleAt <= now) {
        sampleMemory();
        m_sampleEvery = std::min(m_sampleEvery * 2, 15 * second);
        m_sampleAt = now + m_sampleEvery;
    }
    if (m_limitAt > 0 && m_limitAt <= now) {
        m_limitAt = 0;
        endJob(Ending::TimeLimit, limitGrace);
    }
    if (m_killAt > 0 && m_killAt <= now) {
        send(descendants(::getpid()), SIGKILL);
        m_killAt = now + second / 10; // again, for what was born meanwhile
    }
}

void Supervisor::sampleMemory()
{
    uint64_t sum = 0;
    for (const auto &process : descendants(::getpid()))
        sum += process.residentBytes;
    m_status.peakMemoryBytes = std::max(m_status.peakMemoryBytes, sum);
}

void Supervisor::reap()
{
    int status = 0;
    rusage usage{};
    pid_t pid = 0;
    while ((pid = ::wait4(-1, &status, WNOHANG, &usage)) > 0 || (pid < 0 && errno == EINTR)) {
        if (pid <= 0)
            continue;
        m_status.peakMemoryBytes
            = std::max(m_status.peakMemoryBytes, static_cast<uint64_t>(usage.ru_maxrss) * 1024);
        if (pid == m_process.pid()) {
            m_mainEnded = true;
            m_waitStatus = status;
            m_status.endedNs = wallNs();
        }
    }
}

void Supervisor::finish()
{
    int exitCode = 0;
    if (const auto trouble = m_process.trouble(exitCode);
        !trouble.empty() && m_ending == Ending::None) {
        neverStarted(trouble, exitCode);
        return;
    }
    m_status.hasExit = true;
    if (WIFSIGNALED(m_waitStatus)) {
        m_status.signal = WTERMSIG(m_waitStatus);
        m_status.exitCode = 128 + m_status.signal;
    } else {
        m_status.exitCode = WEXITSTATUS(m_waitStatus);
    }
    m_status.phase = m_status.exitCode == 0 ? wire::JobPhase::Succeeded : wire::JobPhase::Failed;
    if (m_ending == Ending::Cancelled)
        m_status.phase = wire::JobPhase::Cancelled;
    if (m_ending == Ending::TimeLimit) {
        m_status.phase = wire::JobPhase::Failed;
        m_status.reason = "Ended by its time limit of "
            + std::to_string(m_job.spec().time_limit_seconds()) + " s.";
    } else if (m_ending == Ending::Shutdown && m_status.phase == wire::JobPhase::Failed) {
        m_status.reason
            = "Its supervisor was told to end (the host shut down, or somebody ended it).";
    }
    record(); // the exit code is safe before anything else is done
    if (const std::size_t count = endLeftovers()) {
        if (!m_status.reason.empty())
            m_status.reason += ' ';
        m_status.reason += count == 1
            ? "One process it left behind was ended."
            : std::to_string(count) + " processes it left behind were ended.";
        record();
    }
}

std::size_t Supervisor::endLeftovers()
{
    auto left = descendants(::getpid());
    const std::size_t count = left.size();
    send(left, SIGTERM);
    send(left, SIGCONT);
    const int64_t killAt = m_killAt > 0 ? m_killAt : boottimeNs() + leftoverGrace;
    const int64_t giveUpAt = std::max(killAt, boottimeNs()) + 5 * second; // uninterruptible sleep
    while (!left.empty() && boottimeNs() < giveUpAt) {
        if (boottimeNs() >= killAt)
            send(left, SIGKILL);
        pollfd signals{m_signals.number(), POLLIN, 0};
        ::poll(&signals, 1, 50);
        onSignals();
        reap();
        left = descendants(::getpid());
    }
    return count;
}

} // namespace pilothouse::agent
