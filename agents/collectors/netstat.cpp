// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// /proc/net/snmp and /proc/net/netstat: protocol counters. Lines come in pairs, names then values.
#include "agents/collectors/collector.h"
#include "agents/collectors/tables.h"
#include "agents/collectors/textscan.h"

namespace pilothouse::agent {

namespace {

bool isGauge(std::string_view key)
{
    return key == "Forwarding" || key == "DefaultTTL" || key == "MaxConn" || key == "CurrEstab"
        || key.starts_with("Rto");
}

class NetstatFile : public Collector {
public:
    NetstatFile(const std::filesystem::path &root, const char *name)
        : m_file(root, name)
    {
    }

    std::string read(Reading &reading) override
    {
        const auto text = m_file.read(reading.buffer);
        if (text.empty())
            return m_file.error();
        TextScan names(text), values(text);
        std::size_t group = 0;
        while (!names.atEnd()) {
            values = names;
            values.skipLine();
            const auto protocol = names.word(':');
            if (values.atEnd() || !names.take(':') || values.word(':') != protocol
                || !values.take(':'))
                return m_file.name() + ": names and values do not pair";
            auto &columns = columnsOf(reading.registry, protocol, names, group++);
            for (const auto id : columns.series) {
                int64_t value = 0;
                if (!values.number(value))
                    return m_file.name() + ": fewer values than names";
                reading.registry.set(id, value);
            }
            names = values;
            names.skipLine();
        }
        return {};
    }

private:
    struct Columns {
        std::string protocol;
        std::size_t length = 0; ///< of the line with names, which no kernel changes while it runs
        std::vector<SeriesId> series;
    };

    Columns &columnsOf(
        Registry &registry, std::string_view protocol, TextScan names, std::size_t group)
    {
        const std::size_t length = names.rest();
        if (group < m_groups.size() && m_groups[group].protocol == protocol
            && m_groups[group].length == length)
            return m_groups[group];
        Columns columns{std::string(protocol), length, {}};
        while (!names.atLineEnd()) {
            const auto key = names.word();
            if (key.empty())
                break;
            // IcmpMsg and its like name message types that appear one by one.
            columns.series.push_back(
                registry.add("net_" + snakeCase(protocol) + "_" + snakeCase(key), "", "",
                    isGauge(key) ? MetricKind::Gauge : MetricKind::Counter));
        }
        if (group >= m_groups.size())
            m_groups.resize(group + 1);
        m_groups[group] = std::move(columns);
        return m_groups[group];
    }

    KernelFile m_file;
    std::vector<Columns> m_groups;
};

class SnmpCollector : public NetstatFile {
public:
    explicit SnmpCollector(const std::filesystem::path &root)
        : NetstatFile(root, "proc/net/snmp")
    {
    }
};

class NetstatCollector : public NetstatFile {
public:
    explicit NetstatCollector(const std::filesystem::path &root)
        : NetstatFile(root, "proc/net/netstat")
    {
    }
};

constexpr const char *snmpMetrics[] = {"net_tcp_retrans_segs"};
constexpr const char *netstatMetrics[] = {"net_tcp_ext_listen_drops"};

} // namespace

extern constinit const CollectorInfo snmpCollector{
    "snmp", 1, snmpMetrics, &makeCollector<SnmpCollector>};
extern constinit const CollectorInfo netstatCollector{
    "netstat", 1, netstatMetrics, &makeCollector<NetstatCollector>};

} // namespace pilothouse::agent
