// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/reply.h"
#include "core/base/task.h"

#include <QThreadPool>

#include <memory>
#include <optional>
#include <type_traits>

namespace pilothouse {

/// Runs `work` on the pool and resumes on the calling (main) thread with what it returned.
/// For anything that parses over 64 KB. `work` must own everything it touches.
template <typename Work> auto offload(Work work) -> Task<std::invoke_result_t<Work>>
{
    using Value = std::invoke_result_t<Work>;
    struct Awaiter {
        std::shared_ptr<std::optional<Value>> value;
        Work work;
        bool await_ready() const { return false; }
        void await_suspend(std::coroutine_handle<> waiter)
        {
            QThreadPool::globalInstance()->start(
                [value = value, work = std::move(work), waiter]() mutable {
                    value->emplace(work());
                    resumeOnMainThread(waiter);
                });
        }
        Value await_resume() { return std::move(**value); }
    };
    Awaiter running{std::make_shared<std::optional<Value>>(), std::move(work)};
    co_return co_await running;
}

} // namespace pilothouse
