// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/nameinengine.h"

namespace pilothouse {

QString nameInEngine(const QString &name, const QString &jobId)
{
    QString label;
    for (const QChar c : name.left(200).toLower()) {
        const bool good = (c >= QLatin1Char('a') && c <= QLatin1Char('z'))
            || (c >= QLatin1Char('0') && c <= QLatin1Char('9'));
        if (good)
            label += c;
        else if (!label.isEmpty() && !label.endsWith(QLatin1Char('-')))
            label += QLatin1Char('-');
    }
    label.truncate(26);
    while (label.endsWith(QLatin1Char('-')))
        label.chop(1);
    if (label.isEmpty() || label[0].isDigit())
        label = (QStringLiteral("job-") + label).left(26);
    while (label.endsWith(QLatin1Char('-')))
        label.chop(1);
    return label + QLatin1Char('-') + jobId;
}

} // namespace pilothouse
