// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// /proc/loadavg: load averages and the number of threads.
#include "agents/collectors/collector.h"
#include "agents/collectors/textscan.h"

namespace pilothouse::agent {

namespace {

class LoadCollector : public Collector {
public:
    explicit LoadCollector(const std::filesystem::path &root)
        : m_file(root, "proc/loadavg")
    {
    }

    std::string read(Reading &reading) override
    {
        TextScan scan(m_file.read(reading.buffer));
        if (scan.atEnd())
            return m_file.error();
        int64_t load[3]{}, running = 0, threads = 0;
        for (auto &value : load) {
            if (!scan.decimal(2, value))
                return "proc/loadavg: expected three numbers";
        }
        auto &registry = reading.registry;
        if (m_threads == Registry::none) {
            static constexpr const char *names[] = {"load1", "load5", "load15"};
            for (int i = 0; i < 3; ++i)
                m_load[i] = registry.add(names[i], "", "", MetricKind::Gauge, 0.01);
            m_threads = registry.add("threads", "", "", MetricKind::Gauge);
        }
        for (int i = 0; i < 3; ++i)
            registry.set(m_load[i], load[i]);
        if (!scan.number(running) || !scan.take('/') || !scan.number(threads))
            return "proc/loadavg: expected running/threads";
        registry.set(m_threads, threads);
        return {};
    }

private:
    KernelFile m_file;
    SeriesId m_load[3]{}, m_threads = Registry::none;
};

constexpr const char *metrics[] = {"load1"};

} // namespace

extern constinit const CollectorInfo loadCollector{
    "load", 1, metrics, &makeCollector<LoadCollector>};

} // namespace pilothouse::agent
