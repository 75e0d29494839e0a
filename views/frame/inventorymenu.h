// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/pages/page.h"

class QMenu;

namespace pilothouse {

/// The menus of the inventory: what can be done to a target, and to a group of them. Groups are
/// only a word on each of their targets, so every change is the act "target.change" on those.
class InventoryMenu : public QObject {
    Q_OBJECT

public:
    InventoryMenu(TargetFeed *feed, ActMenu *acts, QWidget *window);

    /// Connection, favourite, move to a group, copy the command.
    void fillTarget(QMenu *menu, const TargetStatus &status);
    /// Rename, remove (its hosts stay), connect or disconnect all of it.
    void fillGroup(QMenu *menu, const QString &group);
    QStringList groups() const; ///< by name, each once whatever its case

private:
    QList<ActRequest> members(const QString &group) const;
    void setGroup(const QList<ActRequest> &targets, const QString &group);
    void askNewGroup(const QList<ActRequest> &targets);

    TargetFeed *m_feed;
    ActMenu *m_acts;
    QWidget *m_window;
};

} // namespace pilothouse
