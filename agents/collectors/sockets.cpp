// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// /proc/net/sockstat and sockstat6: sockets in use.
#include "agents/collectors/collector.h"
#include "agents/collectors/textscan.h"

#include <unistd.h>

namespace pilothouse::agent {

namespace {

struct Want {
    const char *line, *key, *metric;
    bool pages;
};
constexpr Want wanted4[] = {
    {"sockets", "used", "sockets_used", false},
    {"TCP", "inuse", "tcp_sockets_in_use", false},
    {"TCP", "orphan", "tcp_sockets_orphaned", false},
    {"TCP", "tw", "tcp_sockets_time_wait", false},
    {"TCP", "alloc", "tcp_sockets_allocated", false},
    {"TCP", "mem", "tcp_memory_bytes", true},
    {"UDP", "inuse", "udp_sockets_in_use", false},
    {"UDP", "mem", "udp_memory_bytes", true},
    {"RAW", "inuse", "raw_sockets_in_use", false},
};
constexpr Want wanted6[] = {
    {"TCP6", "inuse", "tcp6_sockets_in_use", false},
    {"UDP6", "inuse", "udp6_sockets_in_use", false},
    {"RAW6", "inuse", "raw6_sockets_in_use", false},
};

class SocketFile {
public:
    SocketFile(const std::filesystem::path &root, const char *name, std::span<const Want> wanted)
        : m_file(root, name)
        , m_wanted(wanted)
        , m_series(wanted.size(), Registry::none)
    {
    }

    std::string read(Reading &reading)
    {
        TextScan scan(m_file.read(reading.buffer));
        if (scan.atEnd())
            return m_file.error();
        for (; !scan.atEnd(); scan.skipLine()) {
            const auto line = scan.word(':');
            if (!scan.take(':'))
                return m_file.name() + ": expected \"protocol:\"";
            while (!scan.atLineEnd()) {
                const auto key = scan.word();
                int64_t value = 0;
                if (key.empty() || !scan.number(value))
                    break;
                set(reading.registry, line, key, value);
            }
        }
        return {};
    }

private:
    void set(Registry &registry, std::string_view line, std::string_view key, int64_t value)
    {
        for (std::size_t i = 0; i < m_wanted.size(); ++i) {
            const auto &want = m_wanted[i];
            if (key != want.key || line != want.line)
                continue;
            if (m_series[i] == Registry::none)
                m_series[i] = registry.add(want.metric, "", want.pages ? "bytes" : "",
                    MetricKind::Gauge, want.pages ? double(::sysconf(_SC_PAGESIZE)) : 1);
            registry.set(m_series[i], value);
        }
    }

    KernelFile m_file;
    std::span<const Want> m_wanted;
    std::vector<SeriesId> m_series;
};

class SocketCollector : public Collector {
public:
    explicit SocketCollector(const std::filesystem::path &root)
        : m_four(root, "proc/net/sockstat", wanted4)
        , m_six(root, "proc/net/sockstat6", wanted6)
    {
    }

    std::string read(Reading &reading) override
    {
        auto wrong = m_four.read(reading);
        // Hosts without IPv6 are no failure.
        if (const auto six = m_six.read(reading); !six.empty())
            reading.registry.unsupported("tcp6_sockets_in_use", "", six);
        return wrong;
    }

private:
    SocketFile m_four, m_six;
};

constexpr const char *metrics[] = {"sockets_used"};

} // namespace

extern constinit const CollectorInfo socketCollector{
    "sockets", 1, metrics, &makeCollector<SocketCollector>};

} // namespace pilothouse::agent
