// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/jobid.h"

#include <QDateTime>
#include <QRandomGenerator>

namespace pilothouse {

QString newJobId()
{
    return newJobId(QDateTime::currentMSecsSinceEpoch());
}

QString newJobId(qint64 unixMilliseconds)
{
    static constexpr char digits[] = "0123456789abcdefghjkmnpqrstvwxyz"; // without i, l, o, u
    QString id;
    id.reserve(26);
    for (int shift = 45; shift >= 0; shift -= 5) // 10 digits for 48 bits
        id += QLatin1Char(digits[(unixMilliseconds >> shift) & 31]);
    auto *random = QRandomGenerator::system(); // two consoles must never agree
    for (int i = 0; i < 16; ++i)
        id += QLatin1Char(digits[random->bounded(32)]);
    return id;
}

} // namespace pilothouse
