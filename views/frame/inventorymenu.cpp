// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/inventorymenu.h"

#include "views/frame/groupdialog.h"
#include "views/theme/icons.h"

#include <QMenu>

namespace pilothouse {

InventoryMenu::InventoryMenu(TargetFeed *feed, ActMenu *acts, QWidget *window)
    : QObject(window)
    , m_feed(feed)
    , m_acts(acts)
    , m_window(window)
{
}

QStringList InventoryMenu::groups() const
{
    QStringList names;
    const auto targets = m_feed->targets();
    for (const auto &status : targets) {
        const QString &group = status.target.group;
        if (!group.isEmpty() && !names.contains(group, Qt::CaseInsensitive))
            names << group;
    }
    names.sort(Qt::CaseInsensitive);
    return names;
}

QList<ActRequest> InventoryMenu::members(const QString &group) const
{
    QList<ActRequest> requests;
    const auto targets = m_feed->targets();
    for (const auto &status : targets) {
        if (status.target.group.compare(group, Qt::CaseInsensitive) != 0)
            continue;
        ActRequest request;
        request.target = status.target.id;
        requests << request;
    }
    return requests;
}

void InventoryMenu::setGroup(const QList<ActRequest> &targets, const QString &group)
{
    QList<ActRequest> requests = targets;
    for (auto &request : requests)
        request.parameters.insert(QStringLiteral("group"), group);
    m_acts->trigger(QStringLiteral("target.change"), requests);
}

void InventoryMenu::askNewGroup(const QList<ActRequest> &targets)
{
    auto *dialog = new GroupDialog(tr("New group"),
        tr("%1 moves into it.").arg(m_feed->targetName(targets.first().target)), {}, groups(),
        m_window);
    connect(dialog, &GroupDialog::named, this,
        [this, targets](const QString &name) { setGroup(targets, name); });
    dialog->show();
}

void InventoryMenu::fillTarget(QMenu *menu, const TargetStatus &status)
{
    const QString change = QStringLiteral("target.change"),
                  favourite = QStringLiteral("target.favourite");
    ActRequest request;
    request.target = status.target.id;
    ActRequest mark = request;
    mark.parameters.insert(QStringLiteral("favourite"), !status.target.favourite);
    menu->setToolTipsVisible(true);
    // This machine always stands with the favourites.
    if (status.target.kind != TargetKind::Local) {
        const auto can = m_acts->canAll(favourite, {mark});
        auto *action = menu->addAction(icon(QStringLiteral("star"), Token::Text3),
            status.target.favourite ? tr("Unmark as favourite") : tr("Mark as favourite"), this,
            [this, favourite, mark] { m_acts->trigger(favourite, {mark}); });
        action->setEnabled(can.ok());
        action->setToolTip(can.ok() ? tr("Favourites stand first.") : can.reason);

        const auto movable = m_acts->canAll(change, {request});
        auto *move = menu->addMenu(icon(QStringLiteral("folder"), Token::Text3), tr("Move to"));
        move->menuAction()->setEnabled(movable.ok());
        move->menuAction()->setToolTip(movable.reason);
        const auto known = groups();
        for (const auto &group : known) {
            auto *entry = move->addAction(
                group, this, [this, request, group] { setGroup({request}, group); });
            entry->setCheckable(true);
            entry->setChecked(group.compare(status.target.group, Qt::CaseInsensitive) == 0);
            entry->setEnabled(!entry->isChecked());
        }
        if (!status.target.group.isEmpty())
            move->addAction(tr("No group"), this, [this, request] { setGroup({request}, {}); });
        if (!move->isEmpty())
            move->addSeparator();
        move->addAction(icon(QStringLiteral("plus"), Token::Text3), tr("New group…"), this,
            [this, request] { askNewGroup({request}); });
        menu->addSeparator();
    }
    m_acts->fill(menu,
        {QStringLiteral("target.connect"), QStringLiteral("target.disconnect"),
            QStringLiteral("target.test"), QStringLiteral("terminal.open"), {},
            QStringLiteral("agent.remove"), QStringLiteral("target.remove")},
        {request});
}

void InventoryMenu::fillGroup(QMenu *menu, const QString &group)
{
    const auto all = members(group);
    if (all.isEmpty())
        return;
    menu->setToolTipsVisible(true);
    const auto can = m_acts->canAll(QStringLiteral("target.change"), all);
    const auto add = [&](const QString &name, const QString &text, const QString &tip, auto slot) {
        auto *action = menu->addAction(icon(name, Token::Text3), text, this, slot);
        action->setEnabled(can.ok());
        action->setToolTip(can.ok() ? tip : can.reason);
    };
    add(QStringLiteral("edit"), tr("Rename group…"), QString(), [this, group, all] {
        auto *dialog = new GroupDialog(tr("Rename"),
            all.size() == 1 ? tr("1 host stands in it.")
                            : tr("%1 hosts stand in it.").arg(all.size()),
            group, groups(), m_window);
        connect(dialog, &GroupDialog::named, this,
            [this, all](const QString &name) { setGroup(all, name); });
        dialog->show();
    });
    add(QStringLiteral("trash"), tr("Remove group"), tr("Its hosts stay; move them back to undo."),
        [this, all] { setGroup(all, {}); });
    menu->addSeparator();
    m_acts->fill(
        menu, {QStringLiteral("target.connect"), QStringLiteral("target.disconnect")}, all);
}

} // namespace pilothouse
