// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// Uptime, open files and inodes.
#include "agents/collectors/collector.h"
#include "agents/collectors/textscan.h"

namespace pilothouse::agent {

namespace {

class SystemCollector : public Collector {
public:
    explicit SystemCollector(const std::filesystem::path &root)
        : m_uptime(root, "proc/uptime")
        , m_files(root, "proc/sys/fs/file-nr")
        , m_inodes(root, "proc/sys/fs/inode-nr")
    {
    }

    std::string read(Reading &reading) override
    {
        std::string wrong;
        auto &registry = reading.registry;
        int64_t first = 0, second = 0, third = 0;
        if (TextScan scan(m_uptime.read(reading.buffer)); !scan.number(first)) {
            wrong = "proc/uptime: expected a number";
        } else {
            add(registry, m_seconds, "uptime_seconds", "seconds");
            registry.set(m_seconds, first);
        }
        TextScan files(m_files.read(reading.buffer));
        if (!files.number(first) || !files.number(second) || !files.number(third)) {
            wrong = "proc/sys/fs/file-nr: expected three numbers";
        } else {
            add(registry, m_open, "file_handles_open", "");
            add(registry, m_most, "file_handles_max", "");
            registry.set(m_open, first);
            registry.set(m_most, third);
        }
        if (TextScan inodes(m_inodes.read(reading.buffer)); !inodes.number(first)) {
            wrong = "proc/sys/fs/inode-nr: expected a number";
        } else {
            add(registry, m_inodeCount, "inodes_cached", "");
            registry.set(m_inodeCount, first);
        }
        return wrong;
    }

private:
    static void add(Registry &registry, SeriesId &id, const char *metric, const char *unit)
    {
        if (id == Registry::none)
            id = registry.add(metric, "", unit, MetricKind::Gauge);
    }

    KernelFile m_uptime, m_files, m_inodes;
    SeriesId m_seconds = Registry::none, m_open = Registry::none, m_most = Registry::none,
             m_inodeCount = Registry::none;
};

constexpr const char *metrics[] = {"uptime_seconds", "file_handles_open"};

} // namespace

extern constinit const CollectorInfo systemCollector{
    "system", 1, metrics, &makeCollector<SystemCollector>};

} // namespace pilothouse::agent
