// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// /proc/stat: where processor time went, and the kernel's own counts.
#include "agents/collectors/collector.h"
#include "agents/collectors/textscan.h"

#include <algorithm>
#include <array>
#include <utility>

namespace pilothouse::agent {

namespace {

enum Column { User, Nice, System, Idle, Iowait, Irq, Softirq, Steal, Columns };
using Times = std::array<int64_t, Columns>;

constexpr double ratioStep = 0.001;

struct Core {
    std::string name; ///< "cpu" for all together
    SeriesId busy = Registry::none;
    Times before{};
    bool started = false;
};

/// What a part is of a whole, in ratio steps. Idle and iowait may run backwards in the kernel.
int64_t ratio(int64_t part, int64_t whole)
{
    return (std::clamp<int64_t>(part, 0, whole) * 1000 + whole / 2) / whole;
}

class CpuCollector : public Collector {
public:
    explicit CpuCollector(const std::filesystem::path &root)
        : m_file(root, "proc/stat")
    {
    }

    std::string read(Reading &reading) override
    {
        TextScan scan(m_file.read(reading.buffer));
        if (scan.atEnd())
            return m_file.error();
        std::size_t place = 0;
        for (; !scan.atEnd(); scan.skipLine()) {
            const auto key = scan.word();
            if (key.starts_with("cpu")) {
                if (!readCore(reading.registry, scan, key, place++))
                    return "proc/stat: a processor's line is cut short";
            } else {
                readCount(reading.registry, scan, key);
            }
        }
        return place == 0 ? "proc/stat: no processor's line" : "";
    }

private:
    bool readCore(Registry &registry, TextScan &scan, std::string_view name, std::size_t place)
    {
        Times now{};
        for (int column = 0; column < Columns; ++column) {
            // Kernels before 2.6.11 have fewer columns; four are always there.
            if (!scan.number(now[column]) && column <= Idle)
                return false;
            now[column] = std::max<int64_t>(0, now[column]);
        }
        Core &core = coreOf(registry, name, place);
        int64_t total = 0;
        Times spent{};
        for (int column = 0; column < Columns; ++column) {
            spent[column] = std::max<int64_t>(0, wideDifference(now[column], core.before[column]));
            total = std::min<int64_t>(total + spent[column], int64_t(1) << 50);
        }
        const bool measured = std::exchange(core.started, true) && total > 0;
        core.before = now;
        if (!measured)
            return true;
        registry.set(core.busy, ratio(total - spent[Idle] - spent[Iowait], total));
        if (name != "cpu")
            return true;
        registry.set(m_user, ratio(spent[User] + spent[Nice], total));
        registry.set(m_system, ratio(spent[System] + spent[Irq] + spent[Softirq], total));
        registry.set(m_iowait, ratio(spent[Iowait], total));
        registry.set(m_steal, ratio(spent[Steal], total));
        return true;
    }

    static int64_t wideDifference(int64_t now, int64_t before)
    {
        return std::clamp<int64_t>(now - before, 0, int64_t(1) << 40);
    }

    Core &coreOf(Registry &registry, std::string_view name, std::size_t place)
    {
        if (place < m_cores.size() && m_cores[place].name == name)
            return m_cores[place];
        for (auto &core : m_cores) {
            if (core.name == name)
                return core;
        }
        if (name == "cpu") {
            const auto add = [&](const char *metric) {
                return registry.add(metric, "", "ratio", MetricKind::Gauge, ratioStep);
            };
            m_user = add("cpu_user_ratio");
            m_system = add("cpu_system_ratio");
            m_iowait = add("cpu_iowait_ratio");
            m_steal = add("cpu_steal_ratio");
        }
        const auto busy = registry.add(
            "cpu_busy_ratio", name == "cpu" ? "" : name, "ratio", MetricKind::Gauge, ratioStep);
        m_cores.push_back({std::string(name), busy, {}, false});
        return m_cores.back();
    }

    void readCount(Registry &registry, TextScan &scan, std::string_view key)
    {
        struct Count {
            const char *key, *metric;
            MetricKind kind;
        };
        static constexpr Count counts[] = {
            {"intr", "interrupts", MetricKind::Counter},
            {"ctxt", "context_switches", MetricKind::Counter},
            {"processes", "forks", MetricKind::Counter},
            {"procs_running", "processes_running", MetricKind::Gauge},
            {"procs_blocked", "processes_blocked", MetricKind::Gauge},
            {"softirq", "soft_interrupts", MetricKind::Counter},
        };
        for (std::size_t i = 0; i < std::size(counts); ++i) {
            if (key != counts[i].key)
                continue;
            int64_t value = 0;
            if (!scan.number(value))
                return;
            if (m_counts[i] == Registry::none)
                m_counts[i] = registry.add(counts[i].metric, "", "", counts[i].kind);
            registry.set(m_counts[i], value);
        }
    }

    KernelFile m_file;
    std::vector<Core> m_cores;
    SeriesId m_user = 0, m_system = 0, m_iowait = 0, m_steal = 0;
    std::array<SeriesId, 6> m_counts{Registry::none, Registry::none, Registry::none, Registry::none,
        Registry::none, Registry::none};
};

constexpr const char *metrics[] = {"cpu_busy_ratio"};

} // namespace

extern constinit const CollectorInfo cpuCollector{"cpu", 1, metrics, &makeCollector<CpuCollector>};

} // namespace pilothouse::agent
