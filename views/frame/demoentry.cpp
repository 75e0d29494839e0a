// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/demoentry.h"

#include "core/base/log.h"
#include "core/base/paths.h"
#include "views/feed/targetfeed.h"

#include <QCoreApplication>
#include <QProcess>

namespace pilothouse {

bool canStartDemo(const TargetFeed &feed)
{
    return !feed.simulated() && !paths::bundled(QStringLiteral("pilothouse-sim")).isEmpty();
}

bool startDemo()
{
    const bool started = QProcess::startDetached(
        QCoreApplication::applicationFilePath(), {QStringLiteral("--demo")});
    if (!started)
        qCWarning(lcWindow) << "the demo does not start";
    return started;
}

} // namespace pilothouse
