// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// Memory of each NUMA node.
#include "agents/collectors/collector.h"
#include "agents/collectors/tables.h"
#include "agents/collectors/textscan.h"

namespace pilothouse::agent {

namespace {

constexpr Field fields[] = {
    {"numa_memory_total_bytes", "bytes", MetricKind::Gauge, 1024},
    {"numa_memory_free_bytes", "bytes", MetricKind::Gauge, 1024},
    {"numa_memory_used_bytes", "bytes", MetricKind::Gauge, 1024},
    {"numa_file_pages_bytes", "bytes", MetricKind::Gauge, 1024},
};
constexpr std::string_view keys[] = {"MemTotal", "MemFree", "MemUsed", "FilePages"};

class NumaCollector : public Collector {
public:
    explicit NumaCollector(const std::filesystem::path &root)
    {
        for (int i = 0;; ++i) {
            const auto file = "sys/devices/system/node/node" + std::to_string(i) + "/meminfo";
            std::error_code error;
            if (!std::filesystem::exists(root / file, error))
                return;
            m_files.emplace_back(root, file);
        }
    }

    std::string read(Reading &reading) override
    {
        if (m_files.empty())
            return "sys/devices/system/node: the kernel shows no NUMA nodes here";
        std::string wrong;
        m_nodes.begin();
        for (std::size_t i = 0; i < m_files.size(); ++i) {
            TextScan scan(m_files[i].read(reading.buffer));
            if (scan.atEnd()) {
                wrong = m_files[i].error();
                continue;
            }
            auto *node = m_nodes.find("numa" + std::to_string(i));
            if (!node)
                node = &m_nodes.add(reading.registry, "numa" + std::to_string(i));
            for (; !scan.atEnd(); scan.skipLine()) {
                scan.word(); // "Node"
                scan.word(); // its number
                const auto key = scan.word(':');
                int64_t value = 0;
                for (std::size_t k = 0; k < std::size(keys); ++k) {
                    if (key == keys[k] && scan.take(':') && scan.number(value))
                        reading.registry.set(node->series[k], value);
                }
            }
        }
        return wrong;
    }

private:
    std::vector<KernelFile> m_files;
    DeviceTable m_nodes{fields};
};

constexpr const char *metrics[] = {"numa_memory_free_bytes"};

} // namespace

extern constinit const CollectorInfo numaCollector{
    "numa", 5, metrics, &makeCollector<NumaCollector>};

} // namespace pilothouse::agent
