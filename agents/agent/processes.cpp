// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/processes.h"

#include "agents/agent/disk.h"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <sstream>
#include <unordered_set>

#include <dirent.h>
#include <sys/syscall.h>

namespace pilothouse::agent {

std::optional<ProcessStat> parseProcessStat(std::string_view text)
{
    // The command stands in parentheses and may itself hold spaces and parentheses.
    const auto close = text.rfind(')');
    if (close == std::string_view::npos)
        return std::nullopt;
    ProcessStat stat;
    if (std::from_chars(text.data(), text.data() + text.size(), stat.pid).ec != std::errc())
        return std::nullopt;
    std::istringstream rest(std::string(text.substr(close + 1)));
    std::string skipped;
    rest >> stat.state >> stat.parent >> stat.group >> stat.session;
    for (int field = 7; field < 22; ++field)
        rest >> skipped;
    uint64_t pages = 0;
    rest >> stat.start >> skipped >> pages;
    if (!rest)
        return std::nullopt;
    static const auto pageSize = static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
    stat.residentBytes = pages * pageSize;
    return stat;
}

std::optional<ProcessStat> processStat(int pid)
{
    const auto text = readFile("/proc/" + std::to_string(pid) + "/stat");
    return text ? parseProcessStat(*text) : std::nullopt;
}

std::vector<ProcessStat> allProcesses()
{
    std::vector<ProcessStat> all;
    DIR *proc = ::opendir("/proc");
    if (!proc)
        return all;
    while (const dirent *entry = ::readdir(proc)) {
        int pid = 0;
        const std::string_view name = entry->d_name;
        if (std::from_chars(name.data(), name.data() + name.size(), pid).ec != std::errc())
            continue;
        if (const auto stat = processStat(pid))
            all.push_back(*stat);
    }
    ::closedir(proc);
    return all;
}

std::string bootId()
{
    static const std::string id = [] {
        auto text = readFile("/proc/sys/kernel/random/boot_id").value_or("");
        return text.substr(0, text.find('\n'));
    }();
    return id;
}

bool isAlive(int pid, uint64_t start, const std::string &boot)
{
    if (pid <= 0 || boot != bootId())
        return false;
    const auto stat = processStat(pid);
    return stat && stat->start == start && !stat->dead();
}

Fd openProcess(int pid, uint64_t start)
{
    Fd fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    const auto stat = processStat(pid); // after opening: the pidfd pins what is compared here
    if (!stat || stat->start != start)
        fd.reset();
    return fd;
}

int signalProcess(int pid, uint64_t start, int number, int value)
{
    siginfo_t info{};
    info.si_signo = number;
    info.si_code = SI_QUEUE;
    info.si_pid = ::getpid();
    info.si_uid = ::getuid();
    info.si_value.sival_int = value;
    if (const Fd process = openProcess(pid, start))
        return ::syscall(SYS_pidfd_send_signal, process.number(), number, &info, 0) == 0 ? 0
                                                                                         : errno;
    const auto stat = processStat(pid); // gone, or a kernel without pidfds
    if (!stat || stat->start != start)
        return ESRCH;
    return ::sigqueue(pid, number, info.si_value) == 0 ? 0 : errno;
}

std::vector<ProcessStat> descendants(int root)
{
    const auto all = allProcesses();
    std::unordered_set<int> below{root};
    std::vector<ProcessStat> found;
    // A parent may stand behind its child in the listing, so go round until nothing is added.
    for (bool grew = true; grew;) {
        grew = false;
        for (const auto &process : all) {
            if (!below.contains(process.pid) && below.contains(process.parent)) {
                below.insert(process.pid);
                grew = true;
                if (!process.dead())
                    found.push_back(process);
            }
        }
    }
    return found;
}

std::vector<ProcessStat> ofSession(int session)
{
    std::vector<ProcessStat> found;
    for (const auto &process : allProcesses()) {
        if (process.session == session && !process.dead())
            found.push_back(process);
    }
    return found;
}

} // namespace pilothouse::agent
