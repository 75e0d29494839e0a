// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QModelIndexList>

#include <functional>

class QAbstractItemModel;
class QAbstractItemView;
class QHeaderView;
class QString;
class QTableView;

namespace pilothouse {

/// Makes a table of ours: rows of 32, no grid, a line under each row, and all of setUpRows().
/// A cell with a StateRole gets its shape in front.
void setUpTable(QTableView *table, QAbstractItemModel *model, const QString &name);

/// What tables and trees of ours share: whole rows are selected, many at once; columns are sorted
/// by, moved, and chosen in the header's menu; Ctrl+C copies `text`. After setModel().
void setUpRows(QAbstractItemView *view, QHeaderView *header, const QString &name,
    const std::function<QString()> &text);

/// The selected rows (all when none) with a header line, tab-separated.
QString tableText(const QTableView *table);
/// The same of `rows`, indexes of any column, in the columns that `header` shows.
QString rowsText(const QHeaderView *header, const QModelIndexList &rows);

} // namespace pilothouse
