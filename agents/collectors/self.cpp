// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// What the agent itself takes.
#include "agents/collectors/collector.h"
#include "agents/collectors/textscan.h"

#include <sys/resource.h>
#include <unistd.h>

namespace pilothouse::agent {

namespace {

class SelfCollector : public Collector {
public:
    // Our own process is in the real /proc also when the rest is read from a recording.
    explicit SelfCollector(const std::filesystem::path &)
        : m_file("/", "proc/self/statm")
    {
    }

    std::string read(Reading &reading) override
    {
        auto &registry = reading.registry;
        if (m_cpu == Registry::none) {
            m_cpu = registry.add("agent_cpu_seconds", "", "seconds", MetricKind::Counter, 1e-5);
            m_memory = registry.add("agent_memory_bytes", "", "bytes", MetricKind::Gauge,
                double(::sysconf(_SC_PAGESIZE)));
        }
        rusage usage{};
        ::getrusage(RUSAGE_SELF, &usage);
        const auto micros
            = [](const timeval &t) { return int64_t(t.tv_sec) * 1000000 + t.tv_usec; };
        registry.set(m_cpu, (micros(usage.ru_utime) + micros(usage.ru_stime)) / 10);
        TextScan scan(m_file.read(reading.buffer));
        int64_t size = 0, resident = 0;
        if (!scan.number(size) || !scan.number(resident))
            return "proc/self/statm: expected two numbers";
        registry.set(m_memory, resident);
        return {};
    }

private:
    KernelFile m_file;
    SeriesId m_cpu = Registry::none, m_memory = Registry::none;
};

constexpr const char *metrics[] = {"agent_cpu_seconds", "agent_memory_bytes"};

} // namespace

extern constinit const CollectorInfo selfCollector{
    "agent", 1, metrics, &makeCollector<SelfCollector>};

} // namespace pilothouse::agent
