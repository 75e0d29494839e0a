// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/alerts/alertundo.h"

#include "core/models/alertmodel.h"
#include "views/acts/actmenu.h"

#include <QScopedValueRollback>

#include <utility>

namespace pilothouse {

static constexpr QLatin1String acknowledge("alert.acknowledge"), takeBack("alert.unacknowledge"),
    snooze("alert.snooze"), wake("alert.wake");

AlertUndo::AlertUndo(AlertModel *model, ActMenu *acts, QObject *parent)
    : QObject(parent)
    , m_model(model)
    , m_acts(acts)
{
    connect(acts, &ActMenu::starting, this, [this](const QString &act, const ActRequest &request) {
        if (act.startsWith(QLatin1String("alert.")) && !m_undoing)
            m_running = wayBack(act, request);
    });
    connect(acts, &ActMenu::done, this, [this](const QString &act) {
        if (!m_running || m_running->act != act)
            return;
        m_last = std::exchange(m_running, std::nullopt);
        Q_EMIT said(m_last->text);
    });
}

static QString wordsOf(const QString &act, int count)
{
    const auto words = [count](const QString &one, const QString &many) {
        return count == 1 ? one : many.arg(count);
    };
    if (act == acknowledge)
        return words(
            AlertUndo::tr("1 alert acknowledged."), AlertUndo::tr("%1 alerts acknowledged."));
    if (act == takeBack)
        return words(
            AlertUndo::tr("1 alert is open again."), AlertUndo::tr("%1 alerts are open again."));
    if (act == wake)
        return words(AlertUndo::tr("1 alert woken."), AlertUndo::tr("%1 alerts woken."));
    return words(AlertUndo::tr("1 alert snoozed."), AlertUndo::tr("%1 alerts snoozed."));
}

/// Whether the act changes the alert at all.
static bool changes(const QString &act, const Alert &alert)
{
    return alert.endedAt == 0 && !(act == acknowledge && alert.acknowledgedAt != 0)
        && !(act == takeBack && alert.acknowledgedAt == 0)
        && !(act == wake && alert.snoozedUntil == 0);
}

std::optional<AlertUndo::Last> AlertUndo::wayBack(
    const QString &act, const ActRequest &request) const
{
    Last last{act, {}, {}};
    int count = 0;
    QStringList plain; // ids for which the opposite act will do
    const auto ids = request.subject.split(QLatin1Char(','));
    for (const auto &id : ids) {
        const auto *row = m_model->find(id);
        if (row == nullptr || !changes(act, row->alert))
            continue;
        ++count;
        if ((act != snooze && act != wake) || row->alert.snoozedUntil == 0) {
            plain << id;
            continue;
        }
        ActRequest before = request; // as it was
        before.subject = id;
        before.parameters = {{QStringLiteral("until"), double(row->alert.snoozedUntil)}};
        last.back << Step{snooze, before};
    }
    if (!plain.isEmpty()) {
        ActRequest opposite = request;
        opposite.subject = plain.join(QLatin1Char(','));
        opposite.parameters = {};
        last.back << Step{act == acknowledge ? takeBack
                : act == takeBack            ? acknowledge
                                             : wake,
            opposite};
    }
    if (count == 0)
        return std::nullopt;
    last.text = wordsOf(act, count);
    return last;
}

void AlertUndo::undo()
{
    const auto last = std::exchange(m_last, std::nullopt);
    Q_EMIT undone();
    if (!last)
        return;
    const QScopedValueRollback guard(m_undoing, true);
    for (const Step &step : last->back)
        m_acts->trigger(step.act, {step.request});
}

} // namespace pilothouse
