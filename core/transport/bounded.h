// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/reply.h"
#include "core/base/task.h"
#include "core/transport/ioloop.h"

#include <QCoreApplication>
#include <QTimer>

#include <algorithm>
#include <climits>
#include <functional>

namespace pilothouse {

/// Waits for an answer of the I/O thread, but no longer than the Context allows. When it is stopped
/// or its time is up, the waiter goes on at once with Cancelled or Timeout, and `abort` runs on
/// the I/O thread so that the stop reaches the wire.
template <typename T>
Task<Result<T>> bounded(Context context, Reply<T> reply, QString stage, std::function<void()> abort)
{
    const auto give = [reply, abort](Error error) {
        reply.finish(fail(std::move(error)));
        if (abort)
            IoLoop::instance().post(abort);
    };
    const std::stop_callback stop(context.stop(), [give, stage] { give(cancelled(stage)); });
    QTimer timer;
    if (!context.deadline().isForever()) {
        timer.setSingleShot(true);
        QObject::connect(&timer, &QTimer::timeout, &timer, [give, stage] {
            give(timedOut(
                stage, QCoreApplication::translate("transport", "The time limit is over.")));
        });
        timer.start(int(std::min<qint64>(context.deadline().remainingTime(), INT_MAX)));
    }
    auto answer = reply.answer();
    co_return co_await answer;
}

} // namespace pilothouse
