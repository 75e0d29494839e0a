// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QAbstractItemModel;
class QString;
class QTableView;

namespace pilothouse {

/// Makes a table of ours: rows of 32, no grid, a line under each row, whole rows selected, sorted
/// by any column, columns chosen in the header's menu, Ctrl+C copies the selected rows (all when
/// none) as tab-separated text. A cell with a StateRole gets its shape in front.
void setUpTable(QTableView *table, QAbstractItemModel *model, const QString &name);

/// The selected rows (all when none) with a header line, tab-separated.
QString tableText(const QTableView *table);

} // namespace pilothouse
