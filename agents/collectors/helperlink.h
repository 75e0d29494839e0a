// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/collectors/helperprogram.h"
#include "agents/gpuhelper/protocol.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace pilothouse::agent {

/// Keeps the GPU helper running and holds what it said last. A thread of its own starts it, reads
/// it, and replaces it when it is lost or not one device answers; nothing here ever waits for a
/// driver.
class HelperLink {
public:
    struct Limits {
        int64_t silentMs = 3000; ///< a device that owes an answer for so long does not answer
        int64_t startMs = 45000; ///< loading a driver without persistence mode takes long
        int64_t firstPauseMs = 1000, longestPauseMs = 60000; ///< before the next start, doubling
        int64_t lookAgainMs = 600000; ///< for a library where there was none
    };
    struct Device {
        ph_device info{};
        bool known = false; ///< info came from this helper
        ph_sample sample{};
        uint32_t sampleRequest = 0; ///< which request `sample` answers, 0 = none yet
        std::vector<ph_process> processes;
        std::vector<ph_instance> instances; ///< MIG partitions, as of `sample`
        uint32_t processRequest = 0;
        ph_sample fast{}; ///< the answer to PH_FAST
        uint32_t fastRequest = 0;
        int64_t owesSinceMs = 0; ///< monotonic time of the oldest request without answer, 0 = none
        int64_t owesSinceWallNs = 0;
    };
    struct State {
        uint32_t generation = 0; ///< counts helpers; device indexes belong to one
        std::optional<ph_library> library;
        std::vector<Device> devices; ///< by index
        std::string problem; ///< why there is no helper now
        int64_t silentSinceWallNs = 0; ///< the library itself does not answer, 0 = it does
    };

    HelperLink(HelperProgram program, Limits limits);
    ~HelperLink();

    /// Asks all devices; the number of the request, or 0 when nobody is there to ask.
    uint32_t ask(ph_type what);
    /// Waits until every device that is not silent has answered, at most `timeoutMs`.
    void waitForAnswers(ph_type what, uint32_t request, int timeoutMs);
    /// Looks at the state without a copy; `look` must not call back.
    void visit(const std::function<void(const State &)> &look) const;
    /// Takes all whole frames at the beginning of what a helper wrote: how many bytes they are.
    /// Nothing when that cannot be a helper of this build.
    static std::optional<std::size_t> takeFrames(State &state, std::span<const char> bytes);
    static bool isSilent(const Device &device, int64_t nowMs, const Limits &limits);
    const Limits &limits() const { return m_limits; }
    static int64_t nowMs();

private:
    void run();
    bool start();
    void serve();
    bool receive();
    bool isDead() const;
    void stopHelper();
    void killEnding();
    void reap();

    HelperProgram m_program;
    const Limits m_limits;
    Descriptor m_wakeFd;

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    State m_state;
    Descriptor m_channel;
    uint32_t m_requests = 0;
    bool m_stop = false;

    // Of the thread only.
    std::vector<char> m_bytes;
    pid_t m_pid = -1;
    std::vector<pid_t>
        m_ended; ///< told to end, not yet gone: one that hangs in a driver call stays
    int64_t m_startedMs = 0, m_pauseMs;
    std::thread m_thread;
};

} // namespace pilothouse::agent
