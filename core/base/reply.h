// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/resume.h"

#include <QFuture>
#include <QPromise>

#include <memory>
#include <mutex>
#include <optional>

namespace pilothouse {

/// The end that another thread answers through; `co_await reply.answer()` on the main thread.
/// Finishes exactly once: later calls are ignored, and if the last copy dies unfinished the
/// waiter gets Cancelled (a QPromise dropped unfinished would make co_await crash).
template <typename T = void> class Reply {
    struct State {
        std::mutex mutex;
        std::optional<Result<T>> result; // guarded by mutex until it is there, then for good
        std::coroutine_handle<> waiter; // guarded by mutex
        std::optional<QPromise<Result<T>>> promise; // guarded; made when somebody wants a QFuture

        ~State()
        {
            if (!result)
                finish(fail(cancelled(QStringLiteral("reply"))));
        }
        void finish(Result<T> answer)
        {
            std::coroutine_handle<> waiting;
            QPromise<Result<T>> *asked = nullptr;
            {
                const std::lock_guard lock(mutex);
                if (result)
                    return;
                result.emplace(std::move(answer));
                waiting = std::exchange(waiter, nullptr);
                asked = promise ? &*promise : nullptr;
            }
            if (asked)
                tell(*asked);
            if (waiting)
                resumeOnMainThread(waiting);
        }
        void tell(QPromise<Result<T>> &asked)
        {
            asked.addResult(*result);
            asked.finish();
        }
    };

    struct Awaiter {
        std::shared_ptr<State> state;
        bool await_ready() const
        {
            const std::lock_guard lock(state->mutex);
            return state->result.has_value();
        }
        bool await_suspend(std::coroutine_handle<> waiter) const
        {
            const std::lock_guard lock(state->mutex);
            if (state->result)
                return false;
            state->waiter = waiter;
            return true;
        }
        Result<T> await_resume() const
        {
            const std::lock_guard lock(state->mutex);
            return *state->result;
        }
    };

public:
    Reply()
        : m_state(std::make_shared<State>())
    {
    }
    void finish(Result<T> result) const { m_state->finish(std::move(result)); }
    bool isFinished() const { return Awaiter{m_state}.await_ready(); }
    /// For one waiter, and much cheaper than future(): no watcher, one event instead of five.
    auto answer() const { return Awaiter{m_state}; }
    QFuture<Result<T>> future() const
    {
        const std::lock_guard lock(m_state->mutex);
        if (!m_state->promise) {
            m_state->promise.emplace();
            m_state->promise->start();
            if (m_state->result)
                m_state->tell(*m_state->promise);
        }
        return m_state->promise->future();
    }

private:
    std::shared_ptr<State> m_state;
};

} // namespace pilothouse
