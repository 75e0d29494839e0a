// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// /proc/meminfo: every line, under our names where the kernel's are unclear.
#include "agents/collectors/collector.h"
#include "agents/collectors/tables.h"
#include "agents/collectors/textscan.h"

namespace pilothouse::agent {

namespace {

constexpr struct {
    const char *key, *metric;
} renamed[] = {
    {"MemTotal", "memory_total_bytes"},
    {"MemFree", "memory_free_bytes"},
    {"MemAvailable", "memory_available_bytes"},
    {"SwapTotal", "swap_total_bytes"},
    {"SwapFree", "swap_free_bytes"},
    {"SwapCached", "swap_cached_bytes"},
};

class MemoryCollector : public Collector {
public:
    explicit MemoryCollector(const std::filesystem::path &root)
        : m_file(root, "proc/meminfo")
    {
    }

    std::string read(Reading &reading) override
    {
        TextScan scan(m_file.read(reading.buffer));
        if (scan.atEnd())
            return m_file.error();
        auto &registry = reading.registry;
        int64_t total = -1, available = -1, swapTotal = -1, swapFree = -1;
        m_keys.begin();
        for (; !scan.atEnd(); scan.skipLine()) {
            const auto key = scan.word(':');
            int64_t value = 0;
            if (!scan.take(':') || !scan.number(value))
                return "proc/meminfo: expected \"name: number\"";
            bool known = false;
            auto id = m_keys.find(key, known);
            if (!known)
                m_keys.add(key, id = add(registry, key, scan.word() == "kB"));
            registry.set(id, value);
            if (key == "MemTotal")
                total = value;
            else if (key == "MemAvailable")
                available = value;
            else if (key == "SwapTotal")
                swapTotal = value;
            else if (key == "SwapFree")
                swapFree = value;
        }
        setDifference(registry, m_used, "memory_used_bytes", total, available);
        setDifference(registry, m_swapUsed, "swap_used_bytes", swapTotal, swapFree);
        return {};
    }

private:
    static SeriesId add(Registry &registry, std::string_view key, bool kib)
    {
        if (!kib) // HugePages_Total and its like are counts
            return registry.add("memory_" + snakeCase(key), "", "", MetricKind::Gauge);
        for (const auto &one : renamed) {
            if (key == one.key)
                return registry.add(one.metric, "", "bytes", MetricKind::Gauge, 1024);
        }
        return registry.add(
            "memory_" + snakeCase(key) + "_bytes", "", "bytes", MetricKind::Gauge, 1024);
    }

    static void setDifference(
        Registry &registry, SeriesId &id, const char *metric, int64_t whole, int64_t left)
    {
        if (whole < 0 || left < 0 || left > whole)
            return;
        if (id == Registry::none)
            id = registry.add(metric, "", "bytes", MetricKind::Gauge, 1024);
        registry.set(id, whole - left);
    }

    KernelFile m_file;
    KeyTable m_keys;
    SeriesId m_used = Registry::none, m_swapUsed = Registry::none;
};

constexpr const char *metrics[] = {"memory_total_bytes", "memory_available_bytes"};

} // namespace

extern constinit const CollectorInfo memoryCollector{
    "memory", 1, metrics, &makeCollector<MemoryCollector>};

} // namespace pilothouse::agent
