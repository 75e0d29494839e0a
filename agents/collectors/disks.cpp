// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// /proc/diskstats: one line per whole block device (partitions are left out).
#include "agents/collectors/collector.h"
#include "agents/collectors/tables.h"
#include "agents/collectors/textscan.h"

#include <unistd.h>

namespace pilothouse::agent {

namespace {

using enum MetricKind;

// In the columns' order.
// https://www.kernel.org/doc/Documentation/iostats.txt: sectors are 512 bytes, times milliseconds.
constexpr Field fields[] = {
    {"disk_reads", "", Counter, 1},
    {"disk_reads_merged", "", Counter, 1},
    {"disk_read_bytes", "bytes", Counter, 512},
    {"disk_read_seconds", "seconds", Counter, 0.001},
    {"disk_writes", "", Counter, 1},
    {"disk_writes_merged", "", Counter, 1},
    {"disk_write_bytes", "bytes", Counter, 512},
    {"disk_write_seconds", "seconds", Counter, 0.001},
    {"disk_requests_in_flight", "", Gauge, 1},
    {"disk_busy_seconds", "seconds", Counter, 0.001},
    {"disk_queue_seconds", "seconds", Counter, 0.001},
    {"disk_discards", "", Counter, 1},
    {"disk_discards_merged", "", Counter, 1},
    {"disk_discard_bytes", "bytes", Counter, 512},
    {"disk_discard_seconds", "seconds", Counter, 0.001},
    {"disk_flushes", "", Counter, 1},
    {"disk_flush_seconds", "seconds", Counter, 0.001},
};
constexpr std::size_t alwaysThere = 11;

class DiskCollector : public Collector {
public:
    explicit DiskCollector(const std::filesystem::path &root)
        : m_root(root)
        , m_file(root, "proc/diskstats")
    {
    }

    std::string read(Reading &reading) override
    {
        TextScan scan(m_file.read(reading.buffer));
        if (scan.atEnd())
            return m_file.error();
        m_disks.begin();
        for (; !scan.atEnd(); scan.skipLine()) {
            int64_t major = 0, minor = 0;
            if (!scan.number(major) || !scan.number(minor))
                return "proc/diskstats: expected device numbers";
            const auto name = scan.word();
            auto *disk = m_disks.find(name);
            if (!disk)
                disk = &m_disks.add(reading.registry, name, wanted(name));
            if (disk->series.empty())
                continue;
            for (std::size_t i = 0; i < std::size(fields); ++i) {
                int64_t value = 0;
                if (scan.number(value))
                    reading.registry.set(disk->series[i], value);
                else if (i < alwaysThere)
                    return "proc/diskstats: the line of " + disk->name + " is cut short";
            }
        }
        return {};
    }

private:
    bool wanted(std::string_view name) const
    {
        if (name.empty() || name.starts_with("loop") || name.starts_with("ram")
            || name.starts_with("zram") || name.starts_with("sr") || name.starts_with("fd"))
            return false;
        std::string folder(name); // "cciss/c0d0" is "cciss!c0d0" in sysfs
        for (auto &c : folder) {
            if (c == '/')
                c = '!';
        }
        return ::access((m_root / "sys/block" / folder).c_str(), F_OK) == 0;
    }

    std::filesystem::path m_root;
    KernelFile m_file;
    DeviceTable m_disks{fields};
};

constexpr const char *metrics[] = {"disk_read_bytes", "disk_write_bytes"};

} // namespace

extern constinit const CollectorInfo diskCollector{
    "disks", 1, metrics, &makeCollector<DiskCollector>};

} // namespace pilothouse::agent
