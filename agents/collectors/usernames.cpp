// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/usernames.h"

#include "agents/collectors/descriptor.h"
#include "agents/collectors/kernelfile.h"
#include "agents/collectors/textscan.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>

extern char **environ;

namespace pilothouse::agent {

namespace {

constexpr std::size_t largestAnswer = 1024 * 1024;

/// What a program prints until it ends or the time is over. Empty when it cannot be started.
std::string output(std::vector<std::string> arguments, std::chrono::milliseconds limit)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return {};
    Descriptor read(ends[0]), write(ends[1]);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, write.get(), 1);
    ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    std::vector<char *> argv;
    for (auto &argument : arguments)
        argv.push_back(argument.data());
    argv.push_back(nullptr);
    pid_t pid = 0;
    const int error = ::posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    write.reset();
    if (error != 0)
        return {};
    std::string text;
    const auto until = std::chrono::steady_clock::now() + limit;
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            until - std::chrono::steady_clock::now());
        pollfd wait{read.get(), POLLIN, 0};
        const int ready = left.count() > 0 ? ::poll(&wait, 1, int(left.count())) : 0;
        if (ready < 0 && errno == EINTR)
            continue;
        char piece[4096];
        const ssize_t got = ready > 0 ? ::read(read.get(), piece, sizeof piece) : -1;
        if (got < 0 && ready > 0 && errno == EINTR)
            continue;
        if (got <= 0 || text.size() > largestAnswer) {
            if (got != 0)
                ::kill(pid, SIGKILL);
            break;
        }
        text.append(piece, std::size_t(got));
    }
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) { }
    return text;
}

} // namespace

void UserNames::take(std::string_view passwdLines)
{
    for (TextScan scan(passwdLines); !scan.atEnd(); scan.skipLine()) {
        // name:password:uid:...; a name never has blanks, and nothing we look at does.
        const auto name = scan.word(':');
        scan.take(':');
        scan.word(':');
        int64_t uid = 0;
        if (!name.empty() && scan.take(':') && scan.number(uid) && uid >= 0 && uid <= UINT32_MAX)
            m_names.emplace(uint32_t(uid), name);
    }
}

void UserNames::learn(const std::vector<uint32_t> &uids)
{
    if (m_names.empty())
        take(readOnce(m_root / "etc/passwd"));
    std::vector<std::string> ask{"getent", "passwd"};
    for (const auto uid : uids) {
        if (m_names.find(uid) == m_names.end())
            ask.push_back(std::to_string(uid));
    }
    if (ask.size() == 2)
        return;
    if (m_root == "/") // a recorded tree is another host's
        take(output(ask, std::chrono::seconds(getentSeconds)));
    for (const auto uid : uids) // not asked again: a slow directory would be slow each time
        m_names.emplace(uid, std::to_string(uid));
}

std::string UserNames::name(uint32_t uid) const
{
    const auto place = m_names.find(uid);
    return place == m_names.end() ? std::to_string(uid) : place->second;
}

} // namespace pilothouse::agent
