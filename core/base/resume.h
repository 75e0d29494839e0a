// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

#include <coroutine>

namespace pilothouse {

/// Goes on with a suspended coroutine from the main thread's event loop, never inside this call.
/// Any thread. On the way out of the program it stays suspended for ever.
inline void resumeOnMainThread(std::coroutine_handle<> waiting)
{
    if (auto *app = QCoreApplication::instance())
        QMetaObject::invokeMethod(
            app, [waiting] { waiting.resume(); }, Qt::QueuedConnection);
}

} // namespace pilothouse
