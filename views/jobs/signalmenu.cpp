// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/jobs/signalmenu.h"

#include "views/acts/signalnames.h"

#include <QAction>
#include <QJsonObject>
#include <QMenu>

namespace pilothouse {

void insertSignals(QMenu *menu, ActMenu *acts, const QList<ActRequest> &jobs)
{
    const QString act = QStringLiteral("job.signal");
    const auto can = acts->canAll(act, jobs);
    const auto info = acts->port()->find(act);
    if (!info || can.answer == Can::Answer::Absent)
        return;
    auto *sub = new QMenu(info->title, menu);
    menu->insertMenu(menu->actions().value(1), sub);
    sub->menuAction()->setEnabled(can.ok());
    sub->menuAction()->setToolTip(can.ok() ? info->undo : can.reason);
    for (const auto &one : offeredSignals()) {
        QList<ActRequest> requests = jobs;
        for (auto &request : requests)
            request.parameters.insert(QStringLiteral("signal"), one.number);
        sub->addAction(one.text(), acts, [acts, act, requests] { acts->trigger(act, requests); });
    }
}

} // namespace pilothouse
