// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/gputest/report.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace gputest {

/// Looks at the devices through NVML while they work: clocks, power, temperature and why they are
/// slowed ten times a second; errors before and after. Without NVML it says so and finds nothing.
class Watch {
public:
    /// `uuids` in the order of the report's devices.
    Watch(Report &report, std::vector<std::string> uuids);
    ~Watch();
    Watch(const Watch &) = delete;
    Watch &operator=(const Watch &) = delete;

    /// Clocks, power and so on count from now: the sustained load begins.
    void beginLoad();
    /// Writes what was seen under /devices/N/load, and what errors were counted meanwhile.
    void finish();

private:
    struct Seen;

    void open();
    void look();
    void listen();

    Report &m_report;
    std::vector<std::unique_ptr<Seen>> m_seen;
    std::atomic<bool> m_loaded = false, m_stop = false;
    std::thread m_looking, m_listening;
    bool m_open = false;
};

} // namespace gputest
