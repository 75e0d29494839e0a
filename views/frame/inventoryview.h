// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/pages/page.h"

#include <QWidget>

class QMenu;
class QModelIndex;
class QTreeView;

namespace pilothouse {

class InventoryMenu;
class InventoryModel;
class SearchField;

/// The list of targets at the left: search, favourites, groups, SSH aliases.
class InventoryView : public QWidget {
    Q_OBJECT

public:
    InventoryView(TargetFeed *feed, ActMenu *acts, QWidget *parent = nullptr);
    void select(const QString &target); ///< emits nothing; empty = none
    void focusSearch();
    void focusList();

Q_SIGNALS:
    void chosen(const QString &target);
    void addWanted();
    void floatWanted(); ///< out of the window, or back
    void hideWanted();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void refresh();
    void contextMenu(const QPoint &place);
    void fillMore(QMenu *menu);
    void fillFor(QMenu *menu, const QModelIndex &index); ///< of a target or a section
    TargetFeed *m_feed;
    ActMenu *m_acts;
    InventoryMenu *m_menu;
    InventoryModel *m_model;
    SearchField *m_search;
    QTreeView *m_tree;
    bool m_selecting = false;
};

} // namespace pilothouse
