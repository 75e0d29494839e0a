// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/gputest/gputestmodel.h"

namespace pilothouse {

void GpuTestModel::show(QList<GpuTestRow> rows)
{
    // The same figures as before keep their rows, and with them what is selected.
    const bool same = rows.size() == m_rows.size()
        && std::equal(rows.begin(), rows.end(), m_rows.begin(),
            [](const GpuTestRow &a, const GpuTestRow &b) { return a.figure == b.figure; });
    if (same) {
        m_rows = std::move(rows);
        if (!m_rows.isEmpty())
            Q_EMIT dataChanged(index(0, 0), index(int(m_rows.size()) - 1, Columns - 1));
        return;
    }
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

int GpuTestModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int GpuTestModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(Columns);
}

QVariant GpuTestModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_rows.size())
        return {};
    const auto &row = m_rows[index.row()];
    if (role == Qt::TextAlignmentRole && index.column() != Test)
        return int(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && !row.skipped.isEmpty())
        return row.skipped;
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Test:
        return row.title;
    case Measured:
        return row.value || row.skipped.isEmpty() ? formatGpuTestFigure(row.value, row.bytes)
                                                  : tr("not measured");
    case Published:
        return formatGpuTestFigure(row.published, row.bytes);
    case Share:
        return formatGpuTestShare(row.share(), false);
    case Baseline:
        return formatGpuTestFigure(row.baseline, row.bytes);
    default:
        return row.slower() ? tr("%1, slower").arg(formatGpuTestShare(row.drift(), true))
                            : formatGpuTestShare(row.drift(), true);
    }
}

QVariant GpuTestModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && section != Test)
        return int(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const QString titles[]
        = {tr("Test"), tr("Measured"), tr("Datasheet"), tr("Of it"), tr("Baseline"), tr("Drift")};
    return section < Columns ? titles[section] : QVariant();
}

} // namespace pilothouse
