// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/targetstatus.h"

#include "core/base/units.h"

#include <QCoreApplication>

namespace pilothouse {

static QString words(const char *text)
{
    return QCoreApplication::translate("target", text);
}

QString targetStateWord(TargetState state)
{
    switch (state) {
    case TargetState::NotOpened:
        return words("not opened");
    case TargetState::Connecting:
        return words("connecting");
    case TargetState::Connected:
        return words("live");
    case TargetState::Stale:
        return words("stale");
    case TargetState::Failed:
        return words("failed");
    }
    return {};
}

QString targetDetail(const TargetStatus &status, qint64 now)
{
    if (status.state == TargetState::Stale) {
        const qint64 since = status.seenAt > 0 ? status.seenAt : status.changedAt;
        if (since > 0)
            return words("stale %1").arg(formatAge(std::chrono::milliseconds(now - since)));
    }
    if (status.state == TargetState::Connected) {
        if (status.gpus > 0)
            return words("%1 GPU").arg(status.gpus);
        if (status.cpus > 0)
            return words("%1 cores").arg(status.cpus);
    }
    return targetStateWord(status.state);
}

} // namespace pilothouse
