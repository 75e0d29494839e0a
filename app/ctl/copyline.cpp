// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/copyline.h"

#include "app/ctl/desk.h"
#include "app/ctl/output.h"
#include "core/acts/actrunner.h"
#include "core/base/units.h"

#include <unistd.h>

namespace pilothouse::ctl {

CopyLine::CopyLine(Desk &desk)
{
    if (desk.json() || !::isatty(STDERR_FILENO))
        return;
    m_clock.start();
    auto *runner = desk.services().runner;
    QObject::connect(
        runner, &ActRunner::activityChanged, &m_receiver, [this, runner](const QString &id) {
            const auto activities = runner->activities();
            for (const auto &activity : activities) {
                if (activity.id == id && activity.act.startsWith(QLatin1String("file."))
                    && activity.total > 0)
                    show(activity.done, activity.total);
            }
        });
}

CopyLine::~CopyLine()
{
    if (m_shown)
        writeAll(STDERR_FILENO, "\r\x1b[K");
}

void CopyLine::show(qint64 done, qint64 total)
{
    if (m_first < 0)
        m_first = done;
    const qint64 now = m_clock.elapsed();
    if (now - m_shownAt < 500)
        return;
    m_shownAt = now;
    const double rate = now > 0 ? double(done - m_first) * 1000 / double(now) : 0;
    const QString line
        = tr("%1 of %2  %3 %  %4/s")
              .arg(formatBytes(double(done), false), formatBytes(double(total), false))
              .arg(done * 100 / total)
              .arg(formatBytes(rate, false));
    writeAll(STDERR_FILENO, "\r\x1b[K" + line.toUtf8());
    m_shown = true;
}

} // namespace pilothouse::ctl
