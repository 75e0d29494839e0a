// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/startchild.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/syscall.h>

namespace pilothouse::agent {

static constexpr int startEnd = 3; // in the child

/// In a copy of one thread of many: only calls that are safe in a signal handler.
[[noreturn]] static void becomeProgram(char *const *words, int out, int start)
{
    // Both may be any number from 3 on.
    ::dup2(out, 1);
    ::dup2(::open("/dev/null", O_RDWR | O_CLOEXEC), 0);
    ::dup2(0, 2);
    if (start != startEnd)
        ::dup2(start, startEnd);
    ::fcntl(startEnd, F_SETFD, FD_CLOEXEC);
    // One that hangs in execve() must not hold our locks and sockets.
    if (::syscall(SYS_close_range, startEnd + 1, ~0U, 0) != 0) {
        for (int fd = startEnd + 1; fd < 4096; ++fd)
            ::close(fd);
    }
    for (int number = 1; number < NSIG; ++number)
        ::signal(number, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::execv(words[0], words);
    const char failed = 1;
    (void)!::write(startEnd, &failed, 1);
    ::_exit(127);
}

StartedChild startChild(const std::vector<std::string> &words)
{
    std::vector<char *> pointers;
    for (const auto &word : words)
        pointers.push_back(const_cast<char *>(word.c_str()));
    pointers.push_back(nullptr);
    int ends[2] = {-1, -1};
    StartedChild child;
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return child;
    child.out = Descriptor(ends[0]);
    const Descriptor out(ends[1]);
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return child;
    child.start = Descriptor(ends[0]);
    const Descriptor start(ends[1]);
    ::fcntl(child.out.get(), F_SETFL, O_NONBLOCK);
    ::fcntl(child.start.get(), F_SETFL, O_NONBLOCK);
    sigset_t all, before;
    ::sigfillset(&all); // our handlers are not for the child
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t pid = ::_Fork();
    if (pid == 0)
        becomeProgram(pointers.data(), out.get(), start.get());
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    child.pid = pid > 0 ? pid : 0;
    return child;
}

StartState startStateOf(const Descriptor &start)
{
    char failed = 0;
    const ssize_t got = ::read(start.get(), &failed, 1);
    if (got < 0)
        return errno == EAGAIN || errno == EINTR ? StartState::Pending : StartState::Failed;
    return got == 0 ? StartState::Done : StartState::Failed;
}

} // namespace pilothouse::agent
