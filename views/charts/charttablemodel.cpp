// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/charts/charttablemodel.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace pilothouse {

ChartTableModel::ChartTableModel(QObject *parent)
    : QAbstractTableModel(parent)
{
}

void ChartTableModel::show(const QStringList &names, std::vector<Curve> curves, Text text)
{
    beginResetModel();
    m_names = names;
    m_curves = std::move(curves);
    m_text = std::move(text);
    m_rows.clear();
    for (std::size_t i = m_curves.empty() ? 0 : m_curves.front().columns.size(); i-- > 0;)
        if (std::any_of(m_curves.begin(), m_curves.end(),
                [i](const Curve &curve) { return curve.columns[i].count > 0; }))
            m_rows.push_back(i);
    endResetModel();
}

int ChartTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int ChartTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_curves.size()) + 1;
}

QVariant ChartTableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    if (role == Qt::TextAlignmentRole)
        return int((index.column() == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const std::size_t row = m_rows[std::size_t(index.row())];
    if (index.column() == 0) {
        const auto &curve = m_curves.front();
        const qint64 time
            = curve.from + (curve.to - curve.from) * qint64(row) / qint64(curve.columns.size());
        const bool seconds = curve.to - curve.from <= 86'400'000;
        return QLocale().toString(QDateTime::fromMSecsSinceEpoch(time),
            seconds ? QStringLiteral("HH:mm:ss") : QStringLiteral("d MMM HH:mm"));
    }
    const auto &column = m_curves[std::size_t(index.column() - 1)].columns[row];
    if (column.count == 0)
        return QStringLiteral("–");
    const QString low = m_text(column.min), high = m_text(column.max);
    return low == high ? m_text(column.last) : low + QStringLiteral(" – ") + high;
}

QVariant ChartTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical || role != Qt::DisplayRole)
        return {};
    return section == 0 ? tr("Time") : m_names.value(section - 1);
}

} // namespace pilothouse
