// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/mountprobe.h"

#include "agents/collectors/textscan.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <spawn.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <utility>

extern char **environ;

namespace pilothouse::agent {

int runMountProbe(const std::vector<std::string> &paths)
{
    for (const auto &path : paths) {
        struct statvfs usage { };
        if (::statvfs(path.c_str(), &usage) != 0)
            std::printf("%d\n", errno);
        else
            std::printf("0 %llu %llu %llu %llu %llu\n",
                static_cast<unsigned long long>(usage.f_frsize),
                static_cast<unsigned long long>(usage.f_blocks),
                static_cast<unsigned long long>(usage.f_bavail),
                static_cast<unsigned long long>(usage.f_files),
                static_cast<unsigned long long>(usage.f_favail));
        std::fflush(stdout);
    }
    return 0;
}

MountProbe::~MountProbe()
{
    if (m_child > 0)
        ::kill(m_child, SIGKILL);
    // One that hangs is not waited for: init takes it.
    if (m_child > 0)
        ::waitpid(m_child, nullptr, WNOHANG);
}

void MountProbe::ask(const std::vector<std::string> &paths)
{
    if (m_child > 0 || !m_paths.empty())
        return;
    std::erase_if(m_states, [&](const auto &one) {
        return one.second.child == 0
            && std::find(paths.begin(), paths.end(), one.first) == paths.end();
    });
    for (const auto &path : paths) {
        const auto known = m_states.find(path);
        if (known != m_states.end() && known->second.child > 0)
            continue;
        // What was stale is asked last.
        if (known != m_states.end() && known->second.stale)
            m_paths.push_back(path);
        else
            m_paths.push_front(path);
    }
}

std::size_t MountProbe::hanging() const
{
    return std::size_t(std::count_if(
        m_states.begin(), m_states.end(), [](const auto &one) { return one.second.child > 0; }));
}

void MountProbe::start(int64_t atNs)
{
    int ends[2] = {-1, -1};
    if (hanging() >= mostChildren || ::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
        m_paths.clear();
        return;
    }
    m_out = Descriptor(ends[0]);
    const Descriptor in(ends[1]);
    ::fcntl(in.get(), F_SETFL, 0); // the child's end waits
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, in.get(), 1);
    ::posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    sigset_t none;
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    std::vector<char *> words;
    for (const auto &word : m_program)
        words.push_back(const_cast<char *>(word.c_str()));
    for (const auto &path : m_paths)
        words.push_back(const_cast<char *>(path.c_str()));
    words.push_back(nullptr);
    const int error = ::posix_spawnp(
        &m_child, m_program.front().c_str(), &actions, &attributes, words.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    m_text.clear();
    m_movedNs = atNs;
    if (error != 0) {
        m_child = 0;
        m_out.reset();
        m_paths.clear();
    }
}

void MountProbe::take(const std::string &line)
{
    if (m_paths.empty())
        return;
    State &state = m_states[m_paths.front()];
    m_paths.pop_front();
    TextScan scan(line);
    int64_t error = 0, numbers[5]{};
    if (!scan.number(error))
        return;
    state = {};
    state.error = int(error);
    for (auto &number : numbers) {
        if (error == 0 && !scan.number(number))
            return;
    }
    if (error == 0)
        state.usage = {uint64_t(numbers[0]), uint64_t(numbers[1]), uint64_t(numbers[2]),
            uint64_t(numbers[3]), uint64_t(numbers[4])};
}

void MountProbe::giveUp(int64_t atNs)
{
    if (!m_paths.empty()) {
        State &state = m_states[m_paths.front()];
        m_paths.pop_front();
        if (!std::exchange(state.stale, true))
            state.staleSinceNs = m_movedNs;
        state.child = m_child;
        state.usage.reset();
    }
    ::kill(m_child, SIGKILL); // of no use to one in an uninterruptible wait
    m_child = 0;
    m_out.reset();
    m_movedNs = atNs;
}

void MountProbe::reap()
{
    for (auto &[path, state] : m_states) {
        if (state.child > 0 && ::waitpid(state.child, nullptr, WNOHANG) != 0)
            state.child = 0;
    }
}

void MountProbe::poll(int64_t atNs)
{
    reap();
    if (m_child == 0) {
        if (m_paths.empty())
            return;
        start(atNs);
        if (m_child == 0)
            return;
    }
    char buffer[4096];
    ssize_t got = 0;
    while ((got = ::read(m_out.get(), buffer, sizeof buffer)) > 0)
        m_text.append(buffer, std::size_t(got));
    const bool ended = got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
    for (std::size_t end = 0; (end = m_text.find('\n')) != std::string::npos;) {
        take(m_text.substr(0, end));
        m_text.erase(0, end + 1);
        m_movedNs = atNs;
    }
    if (ended) {
        // It closes its end when it is about to be gone; a moment later it is.
        ::kill(m_child, SIGKILL);
        ::waitpid(m_child, nullptr, 0);
        m_child = 0;
        m_out.reset();
        m_paths.clear(); // one that ended early will do so again
    } else if (atNs - m_movedNs >= staleNs) {
        giveUp(atNs);
    }
}

} // namespace pilothouse::agent
