// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/alert.h"

#include <QCryptographicHash>

#include <algorithm>

namespace pilothouse {

QString alertStateName(AlertState state)
{
    switch (state) {
    case AlertState::Ended:
        return QStringLiteral("ended");
    case AlertState::Acknowledged:
        return QStringLiteral("acknowledged");
    case AlertState::Snoozed:
        return QStringLiteral("snoozed");
    case AlertState::Open:
        break;
    }
    return QStringLiteral("open");
}

AlertState Alert::state(qint64 now) const
{
    if (endedAt != 0)
        return AlertState::Ended;
    if (acknowledgedAt != 0)
        return AlertState::Acknowledged;
    return snoozedUntil == untilChange || snoozedUntil > now ? AlertState::Snoozed
                                                             : AlertState::Open;
}

QString Alert::place() const
{
    return deviceName.isEmpty() ? nodeName : nodeName + QStringLiteral(" · ") + deviceName;
}

qint64 Alert::lasting(qint64 now) const
{
    return std::max<qint64>(0, (endedAt != 0 ? endedAt : now) - since);
}

QString alertId(const QString &target, const QString &device, const QString &rule, qint64 since)
{
    QCryptographicHash hash(QCryptographicHash::Sha1);
    for (const auto &part : {target, device, rule, QString::number(since)}) {
        hash.addData(part.toUtf8());
        hash.addData(QByteArray(1, '\0'));
    }
    return QString::fromLatin1(hash.result().toHex().left(8));
}

std::optional<qint64> snoozeLength(const QString &text)
{
    if (text == QLatin1String("change"))
        return Alert::untilChange;
    constexpr qint64 mostDays = 366;
    constexpr qint64 minute = 60'000, hour = 60 * minute, day = 24 * hour;
    const QChar unit = text.isEmpty() ? QChar() : text.back();
    const qint64 length = unit == u'm' ? minute : unit == u'h' ? hour : unit == u'd' ? day : 0;
    bool good = false;
    const qint64 count = text.chopped(text.isEmpty() ? 0 : 1).toInt(&good);
    if (!good || count <= 0 || length == 0 || count * length > mostDays * day)
        return std::nullopt;
    return count * length;
}

} // namespace pilothouse
