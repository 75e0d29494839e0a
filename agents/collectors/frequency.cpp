// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// Clock of each core. Reading one may interrupt that core, so rarely.
#include "agents/collectors/collector.h"
#include "agents/collectors/textscan.h"

namespace pilothouse::agent {

namespace {

class FrequencyCollector : public Collector {
public:
    explicit FrequencyCollector(const std::filesystem::path &root)
        : m_root(root)
    {
    }

    std::string read(Reading &reading) override
    {
        if (m_cores.empty())
            search(reading.registry);
        if (m_cores.empty())
            return "sys/devices/system/cpu/cpu0/cpufreq: the kernel does not show core clocks here";
        for (auto &core : m_cores) {
            int64_t kilohertz = 0;
            if (TextScan(core.file.read(reading.buffer)).number(kilohertz))
                reading.registry.set(core.series, kilohertz);
        }
        return {};
    }

private:
    struct Core {
        KernelFile file;
        SeriesId series;
    };

    void search(Registry &registry)
    {
        for (int i = 0;; ++i) {
            const auto name = "cpu" + std::to_string(i);
            const auto file = "sys/devices/system/cpu/" + name + "/cpufreq/scaling_cur_freq";
            std::error_code error;
            if (!std::filesystem::exists(m_root / file, error))
                return;
            const auto id
                = registry.add("cpu_frequency_hertz", name, "hertz", MetricKind::Gauge, 1000);
            m_cores.push_back({KernelFile(m_root, file), id});
        }
    }

    std::filesystem::path m_root;
    std::vector<Core> m_cores;
};

constexpr const char *metrics[] = {"cpu_frequency_hertz"};

} // namespace

extern constinit const CollectorInfo frequencyCollector{
    "frequency", 10, metrics, &makeCollector<FrequencyCollector>};

} // namespace pilothouse::agent
