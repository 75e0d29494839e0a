// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/charts/charttablemodel.h"

#include <QDialog>

class QStandardItemModel;
class QTableView;

namespace pilothouse {

class ChartView;

/// What a chart shows, as tables: newest, minimum and maximum of each series, and every moment.
/// A snapshot, so that it stays still while it is read; F5 takes a new one. Deletes itself.
class ChartDataDialog : public QDialog {
    Q_OBJECT

public:
    /// `text` writes a value with its unit.
    ChartDataDialog(ChartView *chart, ChartTableModel::Text text);

public Q_SLOTS:
    void refresh();

private:
    ChartView *m_chart; // our parent
    ChartTableModel::Text m_text;
    ChartTableModel *m_model;
    QStandardItemModel *m_summary;
    QTableView *m_summaryTable;
};

} // namespace pilothouse
