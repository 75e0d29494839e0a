// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/processes.h"

#include "agents/collectors/clock.h"
#include "agents/collectors/descriptor.h"
#include "agents/collectors/printable.h"
#include "agents/collectors/textscan.h"

#include <algorithm>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pilothouse::agent {

namespace {

/// Reads up to `size` bytes; a process may end at any moment, then there are none.
std::string readSome(const std::string &path, std::size_t size)
{
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    std::string text(size, '\0');
    const ssize_t got = file ? ::read(file.get(), text.data(), size) : 0;
    text.resize(got > 0 ? std::size_t(got) : 0);
    return text;
}

} // namespace

struct ProcessLister::Found {
    uint32_t pid = 0, parent = 0;
    uint64_t startTicks = 0, cpuTicks = 0, memoryBytes = 0;
    double cpuRatio = 0;
    char state = 0;
    std::string shortName;
};

bool ProcessLister::readOne(const std::string &folder, Found &found)
{
    const auto text = readSome(folder + "/stat", 2048);
    // "pid (name) state parent ...": the name may hold blanks and parentheses.
    const auto open = text.find('('), close = text.rfind(')');
    if (open == std::string::npos || close == std::string::npos || close < open)
        return false;
    found.shortName = text.substr(open + 1, close - open - 1);
    TextScan scan(std::string_view(text).substr(close + 1));
    const auto state = scan.word(); // field 3
    found.state = state.size() == 1 ? state[0] : '\0';
    int64_t fields[22]{}; // fields 4 to 25
    for (int i = 0; i <= 20; ++i) {
        if (!scan.number(fields[i]))
            return false;
    }
    found.parent = uint32_t(fields[0]);
    // Bounds that no real process comes near; what follows can then not overflow.
    const auto bounded = [](int64_t value, int bits) {
        return uint64_t(std::clamp<int64_t>(value, 0, int64_t(1) << bits));
    };
    found.cpuTicks = bounded(fields[10], 50) + bounded(fields[11], 50);
    found.startTicks = bounded(fields[18], 38);
    static const auto page = uint64_t(::sysconf(_SC_PAGESIZE));
    found.memoryBytes = bounded(fields[20], 40) * page;
    return true;
}

std::vector<ProcessLister::Found> ProcessLister::readAll()
{
    std::vector<Found> all;
    const auto proc = (m_root / "proc").string();
    DIR *folder = ::opendir(proc.c_str());
    if (!folder)
        return all;
    while (const dirent *entry = ::readdir(folder)) {
        int64_t pid = 0;
        if (!TextScan(entry->d_name).number(pid) || pid <= 0 || pid > INT32_MAX)
            continue;
        Found found;
        found.pid = uint32_t(pid);
        if (readOne(proc + "/" + entry->d_name, found))
            all.push_back(std::move(found));
    }
    ::closedir(folder);
    return all;
}

// "0::/system.slice/..."; on version 1 job managers use the controller of devices:
// "4:devices:/slurm/uid_1000/job_7/step_0".
std::string cgroupOf(const std::filesystem::path &root, uint32_t pid)
{
    const auto text = readSome((root / "proc" / std::to_string(pid) / "cgroup").string(), 8192);
    std::string found;
    for (std::size_t at = 0; at < text.size();) {
        auto end = text.find('\n', at);
        if (end == std::string::npos)
            end = text.size();
        const std::string line = text.substr(at, end - at);
        at = end + 1;
        const auto path = line.find(":/");
        if (path == std::string::npos || line.size() == path + 2)
            continue;
        // With both versions mounted, some controllers may stand at the root.
        if (found.empty() || line.find(":devices:") != std::string::npos)
            found = printable(line.substr(path + 1));
    }
    return found;
}

void ProcessLister::describe(const Found &found, ProcessInfo &process)
{
    process.pid = found.pid;
    process.parent = found.parent;
    process.cpuRatio = found.cpuRatio;
    process.memoryBytes = found.memoryBytes;
    const auto folder = (m_root / "proc").string() + "/" + std::to_string(found.pid);
    // Reading that of a process in state D may wait for as long as the process does.
    if (found.state != 'D')
        process.command = printable(readSome(folder + "/cmdline", longestCommand));
    if (process.command.empty()) // such a one, a kernel thread, or a process that is just ending
        process.command = "[" + printable(found.shortName) + "]";
    process.state = found.state;
    process.startTicks = found.startTicks;
    if (found.state == 'D') {
        process.waitsFor = printable(readSome(folder + "/wchan", 64));
        if (process.waitsFor == "0") // not for this user to see
            process.waitsFor.clear();
    }
}

GpuOwner ProcessLister::ownerOf(uint32_t pid, const std::function<std::string(uint32_t)> &jobOfPid)
{
    GpuOwner owner;
    if (jobOfPid)
        owner.job = printable(jobOfPid(pid));
    if (!owner.job.empty())
        return owner;
    owner.cgroup = cgroupOf(m_root, pid);
    if (const auto uid = userOf(pid)) {
        m_users.learn({*uid});
        owner.user = m_users.name(*uid);
    }
    return owner;
}

std::optional<uint32_t> ProcessLister::userOf(uint32_t pid) const
{
    struct stat info { };
    const auto folder = m_root / "proc" / std::to_string(pid);
    return ::stat(folder.c_str(), &info) == 0 ? std::optional<uint32_t>(info.st_uid) : std::nullopt;
}

std::unordered_set<uint32_t> ProcessLister::ancestorsOf(
    const std::unordered_map<uint32_t, std::vector<GpuUse>> &gpus, const std::vector<Found> &all)
{
    std::unordered_map<uint32_t, uint32_t> parents;
    for (const auto &one : all)
        parents[one.pid] = one.parent;
    std::unordered_set<uint32_t> ancestors;
    for (const auto &[pid, uses] : gpus) {
        auto at = parents.find(pid);
        // Each is entered once, so that a wrong /proc cannot lead in a circle.
        while (at != parents.end() && at->second != 0 && ancestors.insert(at->second).second)
            at = parents.find(at->second);
    }
    return ancestors;
}

std::vector<ProcessInfo> ProcessLister::list(std::size_t limit,
    const std::unordered_map<uint32_t, std::vector<GpuUse>> &gpus,
    const std::function<std::string(uint32_t)> &jobOfPid)
{
    const int64_t now = boottimeNs(), wall = wallNs();
    static const int64_t tickNs = 1000000000 / ::sysconf(_SC_CLK_TCK);
    auto all = readAll();
    std::unordered_map<uint32_t, Seen> seen;
    for (auto &one : all) {
        seen[one.pid] = {one.startTicks, one.cpuTicks};
        const auto before = m_before.find(one.pid);
        uint64_t from = 0;
        int64_t passed = now - int64_t(one.startTicks) * tickNs;
        if (before != m_before.end() && before->second.startTicks == one.startTicks) {
            from = before->second.cpuTicks;
            passed = now - m_beforeNs;
        }
        if (one.cpuTicks > from && passed > 0)
            one.cpuRatio = double(one.cpuTicks - from) * double(tickNs) / double(passed);
    }
    m_before = std::move(seen);
    m_beforeNs = now;

    std::sort(all.begin(), all.end(), [](const Found &a, const Found &b) {
        return a.cpuRatio != b.cpuRatio ? a.cpuRatio > b.cpuRatio
            : a.cpuTicks != b.cpuTicks  ? a.cpuTicks > b.cpuTicks
                                        : a.pid < b.pid;
    });
    std::vector<ProcessInfo> processes;
    std::vector<std::optional<uint32_t>> uids;
    std::vector<uint32_t> known;
    std::size_t stuck = 0;
    const auto ancestors = ancestorsOf(gpus, all);
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto gpu = gpus.find(all[i].pid);
        const bool waits = all[i].state == 'D' && ++stuck <= mostStuck;
        if (i >= (limit == 0 ? 50 : limit) && gpu == gpus.end() && !waits
            && !ancestors.contains(all[i].pid))
            continue;
        ProcessInfo process;
        describe(all[i], process);
        process.startedNs = wall - now + int64_t(all[i].startTicks) * tickNs;
        if (gpu != gpus.end()) {
            process.gpus = gpu->second;
            process.cgroup = cgroupOf(m_root, process.pid);
        }
        if (jobOfPid)
            process.job = jobOfPid(process.pid);
        uids.push_back(userOf(process.pid));
        if (uids.back())
            known.push_back(*uids.back());
        processes.push_back(std::move(process));
    }
    m_users.learn(known);
    for (std::size_t i = 0; i < processes.size(); ++i)
        processes[i].user = uids[i] ? m_users.name(*uids[i]) : std::string();
    return processes;
}

} // namespace pilothouse::agent
