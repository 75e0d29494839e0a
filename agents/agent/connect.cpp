// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/commands.h"
#include "agents/agent/disk.h"
#include "agents/agent/folders.h"
#include "agents/agent/handover.h"
#include "agents/agent/processes.h"
#include "agents/agent/program.h"
#include "agents/agent/unixsocket.h"
#include "agents/agent/version.h"
#include "agents/wire/magic.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>

namespace pilothouse::agent {

int failed(const std::string &sentence)
{
    std::fprintf(stderr, "pilothouse-agent: %s\n", sentence.c_str());
    return 1;
}

static constexpr int greetingMs = 5000, secondGreetingMs = 1000;

/// Starts `serve` and waits for its word. nullopt, or the daemon's own sentence.
static std::optional<std::string> startDaemon()
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return "A pipe could not be made: " + errnoText(errno) + '.';
    const Fd out(ends[0]);
    Fd in(ends[1]);
    SpawnOptions options;
    options.folder = "/";
    options.extra = in.number();
    options.ownSession = true;
    pid_t pid = 0;
    const int error = spawn("/proc/self/exe", {"pilothouse-agent", "serve", "--ready-fd", "3"},
        processEnvironment(), options, pid);
    if (error)
        return "The agent's daemon could not be started: " + errnoText(error) + '.';
    in.reset();
    std::string word;
    char buffer[1024];
    ssize_t n = 0;
    while ((n = ::read(out.number(), buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR)) {
        if (n > 0)
            word.append(buffer, static_cast<std::size_t>(n));
    }
    if (word == "ready\n")
        return std::nullopt;
    return word.empty() ? "The agent's daemon ended before it was ready." : word;
}

/// One connected socket to a daemon that is at least as new as this program.
static Fd reachDaemon(const Folders &folders, std::string &trouble)
{
    const auto current = readDaemonInfo(folders);
    const bool replace = current
        && isNewer(installedVersion(), installedNs(), current->version, current->installedNs);
    if (!replace) {
        if (Fd fd = connectDaemon(folders.socket(), greetingMs))
            return fd;
    }
    const Fd lock(
        ::open(folders.startLock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!lock) {
        trouble = folders.startLock().string() + ": " + errnoText(errno) + '.';
        return {};
    }
    while (::flock(lock.number(), LOCK_EX) != 0 && errno == EINTR) { }
    // Somebody else may have started or replaced it while we waited.
    if (daemonRuns(folders)) {
        const auto now = readDaemonInfo(folders);
        if (!now || !isNewer(installedVersion(), installedNs(), now->version, now->installedNs)) {
            const bool same = current && now && current->pid == now->pid && !replace;
            if (Fd fd = connectDaemon(folders.socket(), same ? secondGreetingMs : greetingMs))
                return fd;
        }
        if (const auto sentence
            = handOver(folders, now, "version " + installedVersion() + " takes over")) {
            trouble = *sentence;
            return {};
        }
    }
    if (auto sentence = startDaemon()) {
        trouble = *sentence;
        return {};
    }
    Fd fd = connectDaemon(folders.socket(), greetingMs);
    if (!fd)
        trouble = "The agent's daemon does not answer on " + folders.socket().string() + ": "
            + errnoText(errno) + '.';
    return fd;
}

static void pump(int from, int to)
{
    static constexpr std::size_t size = 64 * 1024;
    char buffer[size];
    while (true) {
        const ssize_t n = ::read(from, buffer, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0 || writeAll(to, {buffer, static_cast<std::size_t>(n)}) != 0)
            return;
    }
}

int runConnect(const Arguments &arguments)
{
    const bool running = arguments == Arguments{"--running"};
    if (!arguments.empty() && !running)
        return 2;
    ::signal(SIGPIPE, SIG_IGN);
    const Folders folders = findFolders();
    std::string trouble;
    Fd daemon;
    if (running) {
        daemon = connectDaemon(folders.socket(), greetingMs);
    } else {
        if (auto sentence = secureRunFolder(folders.run))
            return failed(*sentence);
        daemon = reachDaemon(folders, trouble);
    }
    if (!daemon && running) {
        failed("The agent does not run here.");
        return 3;
    }
    if (!daemon)
        return failed(trouble);
    if (writeAll(STDOUT_FILENO, wire::magic) != 0)
        return 1;
    // Two threads with blocking calls: half the system calls of a poll loop on every message. The
    // first end of file on either side ends the process, and with it the other thread.
    std::thread([&daemon] {
        pump(STDIN_FILENO, daemon.number());
        ::_exit(0);
    }).detach();
    pump(daemon.number(), STDOUT_FILENO);
    ::_exit(0);
}

} // namespace pilothouse::agent
