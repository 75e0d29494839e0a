// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/jobs/signalmenu.h"

#include <QAction>
#include <QCoreApplication>
#include <QJsonObject>
#include <QMenu>

namespace pilothouse {

namespace {

struct NamedSignal {
    int number; ///< on Linux, x86-64 and arm64 alike
    const char *text;
};
constexpr NamedSignal offered[] = {{2, QT_TRANSLATE_NOOP("jobs", "INT: stop as Ctrl+C does")},
    {1, QT_TRANSLATE_NOOP("jobs", "HUP: read the settings again")},
    {10, QT_TRANSLATE_NOOP("jobs", "USR1: often saves a checkpoint")},
    {12, QT_TRANSLATE_NOOP("jobs", "USR2")}, {19, QT_TRANSLATE_NOOP("jobs", "STOP: pause")},
    {18, QT_TRANSLATE_NOOP("jobs", "CONT: go on")}, {15, QT_TRANSLATE_NOOP("jobs", "TERM: end")},
    {9, QT_TRANSLATE_NOOP("jobs", "KILL: end at once")}};

} // namespace

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
    for (const auto &one : offered) {
        QList<ActRequest> requests = jobs;
        for (auto &request : requests)
            request.parameters.insert(QStringLiteral("signal"), one.number);
        sub->addAction(QCoreApplication::translate("jobs", one.text), acts,
            [acts, act, requests] { acts->trigger(act, requests); });
    }
}

} // namespace pilothouse
