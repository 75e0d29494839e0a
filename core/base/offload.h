// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/reply.h"
#include "core/base/task.h"

#include <QThreadPool>

#include <type_traits>

namespace pilothouse {

/// Runs `work` on the pool and resumes on the calling (main) thread with what it returned.
/// For anything that parses over 64 KB. `work` must own everything it touches.
template <typename Work> auto offload(Work work) -> Task<std::invoke_result_t<Work>>
{
    using Value = std::invoke_result_t<Work>;
    QPromise<Value> promise;
    promise.start();
    QFuture<Value> future = promise.future();
    QThreadPool::globalInstance()->start(
        [work = std::move(work),
            promise = std::make_shared<QPromise<Value>>(std::move(promise))]() mutable {
            promise->addResult(work());
            promise->finish();
        });
    co_return co_await std::move(future);
}

} // namespace pilothouse
