// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QFuture>
#include <QPromise>

#include <atomic>
#include <memory>

namespace pilothouse {

/// The end that another thread answers through; `co_await reply.future()` on the main thread.
/// Finishes exactly once: later calls are ignored, and if the last copy dies unfinished the
/// waiter gets Cancelled (a QPromise dropped unfinished would make co_await crash).
template <typename T = void> class Reply {
    struct State {
        QPromise<Result<T>> promise;
        std::atomic_flag done;
        State() { promise.start(); }
        ~State() { finish(fail(cancelled(QStringLiteral("reply")))); }
        void finish(Result<T> result)
        {
            if (done.test_and_set())
                return;
            promise.addResult(std::move(result));
            promise.finish();
        }
    };

public:
    Reply()
        : m_state(std::make_shared<State>())
    {
    }
    void finish(Result<T> result) const { m_state->finish(std::move(result)); }
    QFuture<Result<T>> future() const { return m_state->promise.future(); }

private:
    std::shared_ptr<State> m_state;
};

} // namespace pilothouse
