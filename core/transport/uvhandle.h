// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <utility>

struct uv_handle_s;

namespace pilothouse {

/// Closes a handle of ours that is still open when the loop stops; its owner may live on.
void closeForStop(uv_handle_s *handle);

/// Watches one descriptor on the IoLoop. I/O thread only; does not own the descriptor, which must
/// stay open until the Poller is gone (libuv aborts on a closed one).
class Poller {
public:
    enum Events { None = 0, Readable = 1, Writable = 2 };
    using Handler = std::function<void(int events)>;

    Poller() = default;
    Poller(int fd, Handler handler);
    Poller(Poller &&other) noexcept
        : m_state(std::exchange(other.m_state, nullptr))
    {
    }
    Poller &operator=(Poller &&other) noexcept;
    ~Poller() { reset(); }

    /// What to watch for; None pauses. Cheap when nothing changes.
    void watch(int events);
    void reset();
    explicit operator bool() const { return m_state != nullptr; }

private:
    struct State;
    State *m_state = nullptr;
};

/// A timer on the IoLoop. I/O thread only.
class LoopTimer {
public:
    LoopTimer() = default;
    LoopTimer(LoopTimer &&other) noexcept
        : m_state(std::exchange(other.m_state, nullptr))
    {
    }
    LoopTimer &operator=(LoopTimer &&other) noexcept;
    ~LoopTimer() { reset(); }

    /// Calls `handler` after `delay`, and then each `every` when that is not 0. Replaces what ran.
    void start(std::chrono::milliseconds delay, std::function<void()> handler,
        std::chrono::milliseconds every = std::chrono::milliseconds(0));
    void reset();

private:
    struct State;
    State *m_state = nullptr;
};

} // namespace pilothouse
