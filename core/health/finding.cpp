// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/finding.h"

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

HealthVerdict worstVerdict(const QList<HealthFinding> &findings)
{
    auto worst = HealthVerdict::Ok;
    for (const HealthFinding &finding : findings)
        worst = std::max(worst, finding.verdict);
    return worst;
}

} // namespace pilothouse
