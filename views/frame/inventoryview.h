// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/pages/page.h"

#include <QWidget>

class QTreeView;

namespace pilothouse {

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

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void refresh();
    void contextMenu(const QPoint &place);
    TargetFeed *m_feed;
    ActMenu *m_acts;
    InventoryModel *m_model;
    SearchField *m_search;
    QTreeView *m_tree;
    bool m_selecting = false;
};

} // namespace pilothouse
