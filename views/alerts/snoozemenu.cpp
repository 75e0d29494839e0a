// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/alerts/snoozemenu.h"

#include <QAction>
#include <QCoreApplication>
#include <QMenu>

namespace pilothouse {

void fillSnoozeMenu(QMenu *menu, const std::function<void(const QString &length)> &chosen)
{
    struct Length {
        const char *id, *text;
    };
    static constexpr Length lengths[] = {{"1h", QT_TRANSLATE_NOOP("alerts", "For &1 hour")},
        {"8h", QT_TRANSLATE_NOOP("alerts", "For &8 hours")},
        {"7d", QT_TRANSLATE_NOOP("alerts", "For &7 days")},
        {"change", QT_TRANSLATE_NOOP("alerts", "&Until it changes")}};
    menu->setToolTipsVisible(true);
    for (const Length &one : lengths) {
        const QString id = QString::fromLatin1(one.id);
        auto *action = menu->addAction(
            QCoreApplication::translate("alerts", one.text), menu, [chosen, id] { chosen(id); });
        if (id == QLatin1String("change"))
            action->setToolTip(QCoreApplication::translate("alerts",
                "Until it comes again, gets worse, or something else is found on the same device"));
    }
}

} // namespace pilothouse
