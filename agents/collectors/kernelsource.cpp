// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/kernelsource.h"

#include "agents/collectors/descriptor.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/klog.h>
#include <sys/wait.h>
#include <thread>

extern char **environ;

namespace pilothouse::agent {

namespace {

constexpr int mostReads = 256; // of /dev/kmsg at a time, each gives one record
constexpr std::size_t mostBytes = 256 * 1024;
constexpr int firstWithinMs = 5000; // of the journal
constexpr int lookEveryMs = 5000; // syslog(2) tells nobody that something is new

bool waitFor(int fd, int timeoutMs)
{
    pollfd polled{fd, POLLIN, 0};
    return ::poll(&polled, 1, timeoutMs) > 0;
}

void pause(int timeoutMs)
{
    std::this_thread::sleep_for(std::chrono::milliseconds(timeoutMs));
}

class Kmsg : public KernelSource {
public:
    explicit Kmsg(Descriptor file)
        : m_file(std::move(file))
    {
    }

    bool read(std::vector<KernelRecord> &records, int timeoutMs) override
    {
        if (!waitFor(m_file.get(), timeoutMs))
            return true;
        char buffer[8192]; // as large as the largest record
        for (int i = 0; i < mostReads; ++i) {
            const ssize_t got = ::read(m_file.get(), buffer, sizeof buffer);
            if (got == 0) { // a recording instead of the device
                pause(timeoutMs);
                return true;
            }
            if (got < 0 && (errno == EPIPE || errno == EINTR))
                continue; // the kernel has written over what we had not read yet
            if (got < 0)
                return errno == EAGAIN;
            auto found = readKmsg({buffer, std::size_t(got)});
            std::move(found.begin(), found.end(), std::back_inserter(records));
        }
        return true;
    }

private:
    Descriptor m_file;
};

class SystemCall : public KernelSource {
public:
    explicit SystemCall(std::size_t size)
        : m_buffer(std::min(size, mostBytes))
    {
    }

    bool read(std::vector<KernelRecord> &records, int timeoutMs) override
    {
        m_waited -= timeoutMs;
        if (m_waited > 0) {
            pause(timeoutMs);
            return true;
        }
        m_waited = lookEveryMs;
        const int got
            = ::klogctl(3, m_buffer.data(), int(m_buffer.size())); // SYSLOG_ACTION_READ_ALL
        if (got < 0)
            return false;
        auto all = readKernelBuffer({m_buffer.data(), std::size_t(got)});
        auto found = takeNewRecords(std::move(all), m_last);
        std::move(found.begin(), found.end(), std::back_inserter(records));
        return true;
    }

private:
    std::vector<char> m_buffer;
    KernelRecord m_last{-1, {}};
    int m_waited = 0;
};

/// A child that follows the journal.
class Journal : public KernelSource {
public:
    Journal(Descriptor out, pid_t pid)
        : m_out(std::move(out))
        , m_pid(pid)
    {
    }
    ~Journal() override
    {
        ::kill(m_pid, SIGKILL);
        while (::waitpid(m_pid, nullptr, 0) < 0 && errno == EINTR) { }
    }

    bool read(std::vector<KernelRecord> &records, int timeoutMs) override
    {
        if (!waitFor(m_out.get(), timeoutMs)) {
            // There are messages from the boot on: none at all are none that this user may see.
            m_waited += timeoutMs;
            return m_any || m_waited < firstWithinMs;
        }
        char buffer[16384];
        const ssize_t got = ::read(m_out.get(), buffer, sizeof buffer);
        if (got <= 0)
            return got < 0 && (errno == EINTR || errno == EAGAIN);
        m_rest.append(buffer, std::size_t(got));
        const auto end = m_rest.rfind('\n');
        if (end == std::string::npos) {
            if (m_rest.size() > mostBytes)
                m_rest.clear();
            return true;
        }
        auto found = readJournal(std::string_view(m_rest).substr(0, end));
        m_any = m_any || !found.empty();
        std::move(found.begin(), found.end(), std::back_inserter(records));
        m_rest.erase(0, end + 1);
        return true;
    }

private:
    Descriptor m_out;
    pid_t m_pid;
    std::string m_rest;
    bool m_any = false;
    int m_waited = 0;
};

std::unique_ptr<KernelSource> openKmsg(const std::filesystem::path &path, std::string &why)
{
    Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    char probe[8192];
    // Where reading is restricted, the device may open and then refuse.
    const bool allowed = file
        && (::lseek(file.get(), 0, SEEK_END) < 0 || ::read(file.get(), probe, sizeof probe) >= 0
            || errno == EAGAIN || errno == EPIPE);
    if (!allowed) {
        why = path.string() + ": " + std::strerror(errno);
        return nullptr;
    }
    ::lseek(file.get(), 0, SEEK_SET); // the oldest there is
    return std::make_unique<Kmsg>(std::move(file));
}

std::unique_ptr<KernelSource> openSystemCall(std::string &why)
{
    const int size = ::klogctl(10, nullptr, 0); // SYSLOG_ACTION_SIZE_BUFFER
    char byte = 0;
    if (size <= 0 || ::klogctl(3, &byte, 1) < 0) {
        why = std::string("syslog(2): ") + std::strerror(size == 0 ? ENODATA : errno);
        return nullptr;
    }
    return std::make_unique<SystemCall>(std::size_t(size));
}

std::unique_ptr<KernelSource> openJournal(const std::vector<std::string> &command, std::string &why)
{
    int ends[2] = {-1, -1};
    if (command.empty() || ::pipe2(ends, O_CLOEXEC) != 0) {
        why = "the journal is not asked";
        return nullptr;
    }
    Descriptor out(ends[0]);
    const Descriptor in(ends[1]);
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
    for (const auto &word : command)
        words.push_back(const_cast<char *>(word.c_str()));
    words.push_back(nullptr);
    pid_t pid = -1;
    const int error = ::posix_spawnp(&pid, words[0], &actions, &attributes, words.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error != 0) {
        why = command[0] + ": " + std::strerror(error);
        return nullptr;
    }
    return std::make_unique<Journal>(std::move(out), pid);
}

} // namespace

std::unique_ptr<KernelSource> openKernelSource(const KernelSources &where, std::string &why)
{
    std::string kmsg = "not tried", call = "not tried", journal = "the journal has none";
    std::unique_ptr<KernelSource> source;
    if (!where.kmsg.empty())
        source = openKmsg(where.kmsg, kmsg);
    if (!source && where.systemCall)
        source = openSystemCall(call);
    if (!source)
        source = openJournal(where.journal, journal);
    why = "this user may not read the kernel's messages (" + kmsg + "; " + call + "; " + journal
        + ')';
    return source;
}

} // namespace pilothouse::agent
