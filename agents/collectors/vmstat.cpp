// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// /proc/vmstat: paging under our names, all other lines as vmstat_<kernel's name>.
#include "agents/collectors/collector.h"
#include "agents/collectors/tables.h"
#include "agents/collectors/textscan.h"

#include <unistd.h>

namespace pilothouse::agent {

namespace {

constexpr struct {
    const char *key, *metric, *unit;
    int bytes; ///< of one count; 0 = a page, -1 = no unit
} renamed[] = {
    {"pgpgin", "paging_in_bytes", "bytes", 1024},
    {"pgpgout", "paging_out_bytes", "bytes", 1024},
    {"pswpin", "swap_in_bytes", "bytes", 0},
    {"pswpout", "swap_out_bytes", "bytes", 0},
    {"pgfault", "page_faults", "", -1},
    {"pgmajfault", "major_page_faults", "", -1},
    {"oom_kill", "oom_kills", "", -1},
};

/// nr_... lines are levels, except those that count events.
bool isGauge(std::string_view key)
{
    for (const auto *counter :
        {"nr_vmscan_", "nr_dirtied", "nr_written", "nr_throttled", "nr_foll_pin"}) {
        if (key.starts_with(counter))
            return false;
    }
    return key.starts_with("nr_") || key == "workingset_nodes";
}

class VmstatCollector : public Collector {
public:
    explicit VmstatCollector(const std::filesystem::path &root)
        : m_file(root, "proc/vmstat")
    {
    }

    std::string read(Reading &reading) override
    {
        TextScan scan(m_file.read(reading.buffer));
        if (scan.atEnd())
            return m_file.error();
        m_keys.begin();
        for (; !scan.atEnd(); scan.skipLine()) {
            const auto key = scan.word();
            int64_t value = 0;
            if (key.empty() || !scan.number(value))
                return "proc/vmstat: expected a name and a number";
            bool known = false;
            auto id = m_keys.find(key, known);
            if (!known)
                m_keys.add(key, id = add(reading.registry, key));
            reading.registry.set(id, value);
        }
        return {};
    }

private:
    static SeriesId add(Registry &registry, std::string_view key)
    {
        for (const auto &one : renamed) {
            if (key == one.key) {
                const double step = one.bytes == 0 ? double(::sysconf(_SC_PAGESIZE)) : one.bytes;
                return registry.add(
                    one.metric, "", one.unit, MetricKind::Counter, one.bytes < 0 ? 1 : step);
            }
        }
        return registry.add("vmstat_" + std::string(key), "", "",
            isGauge(key) ? MetricKind::Gauge : MetricKind::Counter);
    }

    KernelFile m_file;
    KeyTable m_keys;
};

constexpr const char *metrics[] = {"page_faults", "swap_in_bytes", "swap_out_bytes"};

} // namespace

extern constinit const CollectorInfo vmstatCollector{
    "vmstat", 1, metrics, &makeCollector<VmstatCollector>};

} // namespace pilothouse::agent
