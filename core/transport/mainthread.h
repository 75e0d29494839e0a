// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>

#include <utility>

namespace pilothouse {

/// Runs `work` on the main thread, in order of calls. Dropped when the program is on its way out.
template <typename Work> void onMainThread(Work work)
{
    if (auto *app = QCoreApplication::instance())
        QMetaObject::invokeMethod(app, std::move(work), Qt::QueuedConnection);
}

} // namespace pilothouse
