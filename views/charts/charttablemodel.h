// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/store.h"

#include <QAbstractTableModel>
#include <QStringList>

#include <functional>

namespace pilothouse {

/// The filled columns of a chart as rows, the newest first: time, then each series. A row with
/// more than one sample says "minimum–maximum".
class ChartTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    using Text = std::function<QString(double)>;
    explicit ChartTableModel(QObject *parent = nullptr);

    /// `names` pairs with `curves`, which share their range and columns.
    void show(const QStringList &names, std::vector<Curve> curves, Text text);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QStringList m_names;
    std::vector<Curve> m_curves;
    std::vector<std::size_t> m_rows; // columns with something in them
    Text m_text;
};

} // namespace pilothouse
