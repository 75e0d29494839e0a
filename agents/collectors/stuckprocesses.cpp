// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// Processes that cannot be stopped: state D. Looking at all of them costs, and each of them counts
// as load, so they are looked for only where the load is more than what runs.
#include "agents/collectors/collector.h"
#include "agents/collectors/descriptor.h"
#include "agents/collectors/textscan.h"

#include <dirent.h>
#include <fcntl.h>
#include <unordered_map>

namespace pilothouse::agent {

namespace {

constexpr int64_t leastLoad = 50; // hundredths above what runs; one process gives 100 in time

class StuckCollector : public Collector {
public:
    explicit StuckCollector(const std::filesystem::path &root)
        : m_proc((root / "proc").string())
        , m_load(root, "proc/loadavg")
    {
    }

    std::string read(Reading &reading) override
    {
        auto &registry = reading.registry;
        if (m_waiting == Registry::none) {
            m_waiting = registry.add("processes_uninterruptible", "", "", MetricKind::Gauge);
            m_stuck = registry.add("processes_stuck", "", "", MetricKind::Gauge);
        }
        TextScan scan(m_load.read(reading.buffer));
        int64_t load = 0, ignored = 0, running = 0;
        if (!scan.decimal(2, load) || !scan.decimal(2, ignored) || !scan.decimal(2, ignored)
            || !scan.number(running))
            return "proc/loadavg: expected four numbers";
        int64_t stuck = 0;
        std::unordered_map<int64_t, Seen> now;
        if (load - running * 100 >= leastLoad || !m_before.empty())
            lookAtAll(now, stuck);
        registry.set(m_waiting, int64_t(now.size()));
        registry.set(m_stuck, stuck);
        m_before = std::move(now);
        return {};
    }

private:
    struct Seen {
        int64_t start = 0, ticks = 0;
    };

    void lookAtAll(std::unordered_map<int64_t, Seen> &now, int64_t &stuck)
    {
        DIR *folder = ::opendir(m_proc.c_str());
        if (!folder)
            return;
        while (const dirent *entry = ::readdir(folder)) {
            int64_t pid = 0;
            if (!TextScan(entry->d_name).number(pid) || pid <= 0)
                continue;
            Seen seen;
            if (!readOne(m_proc + "/" + entry->d_name + "/stat", seen))
                continue;
            // In D twice without a moment on a processor between: it has been there all the time.
            const auto before = m_before.find(pid);
            if (before != m_before.end() && before->second.start == seen.start
                && before->second.ticks == seen.ticks)
                ++stuck;
            now.emplace(pid, seen);
        }
        ::closedir(folder);
    }

    /// False for one in any other state.
    static bool readOne(const std::string &path, Seen &seen)
    {
        char buffer[1024];
        const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        const ssize_t got = file ? ::read(file.get(), buffer, sizeof buffer) : -1;
        const std::string_view text(buffer, got > 0 ? std::size_t(got) : 0);
        const auto close = text.rfind(')'); // the name before it may hold anything
        if (close == std::string_view::npos)
            return false;
        TextScan scan(text.substr(close + 1));
        if (scan.word() != "D")
            return false;
        int64_t fields[19]{}; // 4 to 22
        for (auto &field : fields) {
            if (!scan.number(field))
                return false;
        }
        seen.ticks = fields[10] + fields[11];
        seen.start = fields[18];
        return true;
    }

    std::string m_proc;
    KernelFile m_load;
    SeriesId m_waiting = Registry::none, m_stuck = Registry::none;
    std::unordered_map<int64_t, Seen> m_before;
};

constexpr const char *metrics[] = {"processes_uninterruptible", "processes_stuck"};

} // namespace

extern constinit const CollectorInfo stuckCollector{
    "stuck", 30, metrics, &makeCollector<StuckCollector>};

} // namespace pilothouse::agent
