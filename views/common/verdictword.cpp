// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/common/verdictword.h"

#include <QCoreApplication>

namespace pilothouse {

QString verdictWord(HealthVerdict verdict)
{
    switch (verdict) {
    case HealthVerdict::Ok:
        return QCoreApplication::translate("alerts", "ok");
    case HealthVerdict::Watch:
        return QCoreApplication::translate("alerts", "watch");
    case HealthVerdict::Reboot:
        return QCoreApplication::translate("alerts", "reboot");
    case HealthVerdict::Replace:
        break;
    }
    return QCoreApplication::translate("alerts", "replace");
}

} // namespace pilothouse
