// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/mountprobe.h"

#include "agents/collectors/startchild.h"
#include "agents/collectors/textscan.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <utility>

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
        endRound();
    // One that hangs is not waited for: init takes it.
    reap();
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
        if ((known != m_states.end() && known->second.child > 0)
            || std::find(m_paths.begin(), m_paths.end(), path) != m_paths.end())
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
    StartedChild child;
    if (hanging() < mostChildren && m_leaving == 0) {
        auto words = m_program;
        words.insert(words.end(), m_paths.begin(), m_paths.end());
        child = startChild(words);
    }
    m_child = child.pid;
    if (m_child == 0) {
        m_paths.clear();
        return;
    }
    m_out = std::move(child.out);
    m_start = std::move(child.start);
    m_text.clear();
    m_movedNs = atNs;
}

bool MountProbe::hasStarted(int64_t atNs)
{
    if (!m_start)
        return true;
    const auto state = startStateOf(m_start);
    if (state == StartState::Done) {
        m_start.reset();
        m_startHangs = false;
        m_movedNs = atNs;
        return true;
    }
    m_startHangs = state == StartState::Pending && atNs - m_movedNs >= staleNs;
    if (state == StartState::Failed || m_startHangs)
        endRound();
    return false;
}

void MountProbe::endRound()
{
    ::kill(m_child, SIGKILL);
    m_leaving = std::exchange(m_child, 0);
    m_out.reset();
    m_start.reset();
    m_paths.clear(); // one that ended early will do so again
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
    if (m_leaving > 0 && ::waitpid(m_leaving, nullptr, WNOHANG) != 0)
        m_leaving = 0;
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
    if (!hasStarted(atNs))
        return;
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
    if (ended)
        endRound();
    else if (atNs - m_movedNs >= staleNs)
        giveUp(atNs);
}

} // namespace pilothouse::agent
