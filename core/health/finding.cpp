// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/finding.h"

#include "core/health/rules.h"
#include "core/health/xids.h"

#include <QCoreApplication>

#include <algorithm>

namespace pilothouse {

QString verdictName(HealthVerdict verdict)
{
    switch (verdict) {
    case HealthVerdict::Ok:
        return QStringLiteral("ok");
    case HealthVerdict::Watch:
        return QStringLiteral("watch");
    case HealthVerdict::Reboot:
        return QStringLiteral("reboot");
    case HealthVerdict::Replace:
        return QStringLiteral("replace");
    }
    return {};
}

HealthVerdict verdictFromName(const QString &name)
{
    for (const auto verdict :
        {HealthVerdict::Watch, HealthVerdict::Reboot, HealthVerdict::Replace}) {
        if (name == verdictName(verdict))
            return verdict;
    }
    return HealthVerdict::Ok;
}

static QString translated(const char *text)
{
    return QCoreApplication::translate("health", text);
}

HealthWords healthWords(const QString &id)
{
    if (const auto *rule = healthRule(id))
        return {translated(rule->title), translated(rule->sentence), translated(rule->next)};
    if (id.startsWith(QLatin1String("xid-"))) {
        const auto meaning = xidMeaning(id.mid(4).toInt());
        const QString number = QStringLiteral("XID %1").arg(meaning.number);
        return {*meaning.name == '\0' ? number
                                      : number + QStringLiteral(": ") + translated(meaning.name),
            translated(meaning.meaning), translated(meaning.next)};
    }
    return {id, {}, {}};
}

HealthVerdict worstVerdict(const QList<HealthFinding> &findings)
{
    auto worst = HealthVerdict::Ok;
    for (const HealthFinding &finding : findings)
        worst = std::max(worst, finding.verdict);
    return worst;
}

} // namespace pilothouse
