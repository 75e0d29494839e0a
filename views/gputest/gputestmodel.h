// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/gputest/comparison.h"

#include <QAbstractTableModel>

namespace pilothouse {

/// A GPU test's figures beside datasheet and baseline, a row each.
class GpuTestModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Test, Measured, Published, Share, Baseline, Drift, Columns };

    using QAbstractTableModel::QAbstractTableModel;
    void show(QList<GpuTestRow> rows);
    const QList<GpuTestRow> &rows() const { return m_rows; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QList<GpuTestRow> m_rows;
};

} // namespace pilothouse
