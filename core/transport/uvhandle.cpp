// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/uvhandle.h"

#include "core/transport/ioloop.h"

#include <algorithm>
#include <memory>

#include <uv.h>

namespace pilothouse {

namespace {

// libuv needs a handle's memory until its close callback ran, and at the stop of the loop
// handles close while their owners live: whichever of the two comes last deletes.
struct Base {
    uv_any_handle handle;
    bool orphaned = false, closed = false;
    virtual ~Base() = default;
    uv_handle_t *raw() { return reinterpret_cast<uv_handle_t *>(&handle); }

    void close()
    {
        if (!closed && !uv_is_closing(raw()))
            uv_close(raw(), [](uv_handle_t *raw) {
                auto *self = static_cast<Base *>(raw->data);
                self->closed = true;
                if (self->orphaned)
                    delete self;
            });
    }
    void release()
    {
        orphaned = true;
        if (closed)
            delete this;
        else
            close();
    }
};

} // namespace

void closeForStop(uv_handle_s *handle)
{
    if (handle->data && (handle->type == UV_POLL || handle->type == UV_TIMER))
        static_cast<Base *>(handle->data)->close();
    else if (!uv_is_closing(handle))
        uv_close(handle, nullptr);
}

struct Poller::State : Base {
    int watched = 0;
    // Shared, so that a handler that destroys its Poller does not destroy itself while it runs.
    std::shared_ptr<Handler> handler;
};

Poller::Poller(int fd, Handler handler)
    : m_state(new State)
{
    m_state->handler = std::make_shared<Handler>(std::move(handler));
    if (uv_poll_init(IoLoop::instance().raw(), &m_state->handle.poll, fd) != 0) {
        m_state->closed = true; // never came to life: nothing to close
        reset();
        return;
    }
    m_state->raw()->data = static_cast<Base *>(m_state);
}

Poller &Poller::operator=(Poller &&other) noexcept
{
    if (this != &other) {
        reset();
        m_state = std::exchange(other.m_state, nullptr);
    }
    return *this;
}

void Poller::reset()
{
    if (auto *state = std::exchange(m_state, nullptr))
        state->release();
}

void Poller::watch(int events)
{
    if (!m_state || m_state->closed || uv_is_closing(m_state->raw()) || m_state->watched == events)
        return;
    m_state->watched = events;
    if (events == None) {
        uv_poll_stop(&m_state->handle.poll);
        return;
    }
    const int wanted
        = ((events & Readable) ? UV_READABLE : 0) | ((events & Writable) ? UV_WRITABLE : 0);
    uv_poll_start(&m_state->handle.poll, wanted, [](uv_poll_t *raw, int status, int ready) {
        auto *state = static_cast<State *>(static_cast<Base *>(raw->data));
        const auto handler = state->handler;
        // An error on the descriptor shows itself at the next read or write.
        if (status < 0)
            state->watched = 0; // libuv stopped the handle
        const int happened = status < 0
            ? (Readable | Writable)
            : ((ready & UV_READABLE) ? Readable : 0) | ((ready & UV_WRITABLE) ? Writable : 0);
        (*handler)(happened);
    });
}

struct LoopTimer::State : Base {
    bool repeats = false;
    std::function<void()> handler;
};

LoopTimer &LoopTimer::operator=(LoopTimer &&other) noexcept
{
    if (this != &other) {
        reset();
        m_state = std::exchange(other.m_state, nullptr);
    }
    return *this;
}

void LoopTimer::start(
    std::chrono::milliseconds delay, std::function<void()> handler, std::chrono::milliseconds every)
{
    reset();
    m_state = new State;
    m_state->handler = std::move(handler);
    m_state->repeats = every.count() > 0;
    uv_timer_init(IoLoop::instance().raw(), &m_state->handle.timer);
    m_state->raw()->data = static_cast<Base *>(m_state);
    // libuv counts from the loop's cached clock, which is old after a long callback.
    uv_update_time(IoLoop::instance().raw());
    uv_timer_start(
        &m_state->handle.timer,
        [](uv_timer_t *raw) {
            auto *state = static_cast<State *>(static_cast<Base *>(raw->data));
            const auto handler = state->repeats ? state->handler : std::move(state->handler);
            handler();
        },
        std::uint64_t(std::max<std::int64_t>(0, delay.count())), std::uint64_t(every.count()));
}

void LoopTimer::reset()
{
    if (auto *state = std::exchange(m_state, nullptr))
        state->release();
}

} // namespace pilothouse
