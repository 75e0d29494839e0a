// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// /proc/net/dev and operstate: one row per interface that is not one of many throw-away ones.
#include "agents/collectors/collector.h"
#include "agents/collectors/tables.h"
#include "agents/collectors/textscan.h"

namespace pilothouse::agent {

namespace {

using enum MetricKind;

constexpr Field fields[] = {
    {"network_receive_bytes", "bytes", Counter, 1},
    {"network_receive_packets", "", Counter, 1},
    {"network_receive_errors", "", Counter, 1},
    {"network_receive_drops", "", Counter, 1},
    {"network_receive_fifo_errors", "", Counter, 1},
    {"network_receive_frame_errors", "", Counter, 1},
    {"network_receive_compressed_packets", "", Counter, 1},
    {"network_receive_multicast_packets", "", Counter, 1},
    {"network_transmit_bytes", "bytes", Counter, 1},
    {"network_transmit_packets", "", Counter, 1},
    {"network_transmit_errors", "", Counter, 1},
    {"network_transmit_drops", "", Counter, 1},
    {"network_transmit_fifo_errors", "", Counter, 1},
    {"network_collisions", "", Counter, 1},
    {"network_transmit_carrier_errors", "", Counter, 1},
    {"network_transmit_compressed_packets", "", Counter, 1},
};

/// Interfaces of containers and tunnels come and go by the hundred under random names.
bool wantedInterface(std::string_view name)
{
    for (const auto *prefix : {"veth", "cali", "lxc", "ifb", "dummy", "tap", "vnet"}) {
        if (name.starts_with(prefix))
            return false;
    }
    return !name.empty();
}

class NetworkCollector : public Collector {
public:
    explicit NetworkCollector(const std::filesystem::path &root)
        : m_file(root, "proc/net/dev")
    {
    }

    std::string read(Reading &reading) override
    {
        TextScan scan(m_file.read(reading.buffer));
        if (scan.atEnd())
            return m_file.error();
        scan.skipLine();
        scan.skipLine();
        m_interfaces.begin();
        for (; !scan.atEnd(); scan.skipLine()) {
            const auto name = scan.word(':');
            if (!scan.take(':'))
                return "proc/net/dev: expected \"name:\"";
            auto *row = m_interfaces.find(name);
            if (!row)
                row = &m_interfaces.add(reading.registry, name, wantedInterface(name));
            for (const auto id : row->series) {
                int64_t value = 0;
                if (!scan.number(value))
                    return "proc/net/dev: the line of " + row->name + " is cut short";
                reading.registry.set(id, value);
            }
        }
        return {};
    }

private:
    KernelFile m_file;
    DeviceTable m_interfaces{fields};
};

class NetworkStateCollector : public Collector {
public:
    explicit NetworkStateCollector(const std::filesystem::path &root)
        : m_root(root)
        , m_folder(root / "sys/class/net")
    {
    }

    std::string read(Reading &reading) override
    {
        std::error_code error;
        for (std::filesystem::directory_iterator at(m_folder, error), end; !error && at != end;
             at.increment(error)) {
            const auto name = at->path().filename().string();
            if (!wantedInterface(name))
                continue;
            if (!m_interfaces.find(name)) {
                m_interfaces.add(reading.registry, name);
                m_files.emplace_back(m_root, "sys/class/net/" + name + "/operstate");
            }
        }
        if (error)
            return "sys/class/net: " + error.message();
        m_interfaces.begin();
        for (auto &file : m_files) {
            const auto text = TextScan(file.read(reading.buffer)).word();
            const std::string_view path = file.name();
            const auto name = path.substr(14, path.rfind('/') - 14);
            // The loopback interface says "unknown": it has no notion of a link.
            if (text == "up" || text == "unknown")
                reading.registry.set(m_interfaces.find(name)->series[0], 1);
            else if (!text.empty())
                reading.registry.set(m_interfaces.find(name)->series[0], 0);
        }
        return {};
    }

private:
    static constexpr Field state[] = {{"network_up", "", State, 1}};
    std::filesystem::path m_root, m_folder;
    std::vector<KernelFile> m_files;
    DeviceTable m_interfaces{state};
};

constexpr const char *metrics[] = {"network_receive_bytes", "network_transmit_bytes"};
constexpr const char *stateMetrics[] = {"network_up"};

} // namespace

extern constinit const CollectorInfo networkCollector{
    "network", 1, metrics, &makeCollector<NetworkCollector>};
extern constinit const CollectorInfo networkStateCollector{
    "network_state", 10, stateMetrics, &makeCollector<NetworkStateCollector>};

} // namespace pilothouse::agent
