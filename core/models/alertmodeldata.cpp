// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// The alert model's shape, and what its cells say.
#include "core/base/units.h"
#include "core/models/alertmodel.h"

#include <QSet>

namespace pilothouse {

QModelIndex AlertModel::index(int row, int column, const QModelIndex &parent) const
{
    if (row < 0 || row >= rowCount(parent) || column < 0 || column >= ColumnCount)
        return {};
    // An alert's index carries its group; a group's carries nothing.
    return createIndex(
        row, column, parent.isValid() ? m_groups[std::size_t(parent.row())].get() : nullptr);
}

QModelIndex AlertModel::parent(const QModelIndex &child) const
{
    if (!child.isValid() || !child.internalPointer())
        return {};
    for (int i = 0; i < int(m_groups.size()); ++i) {
        if (m_groups[std::size_t(i)].get() == child.internalPointer())
            return createIndex(i, 0, nullptr);
    }
    return {};
}

int AlertModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return int(m_groups.size());
    if (parent.internalPointer() || parent.column() != 0 || parent.row() >= int(m_groups.size()))
        return 0;
    const Group &group = *m_groups[std::size_t(parent.row())];
    return group.single ? 0 : int(group.rows.size());
}

int AlertModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QVariant AlertModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case What:
        return tr("What");
    case Where:
        return tr("Where");
    case JobColumn:
        return tr("Job");
    case Since:
        return tr("Since");
    case Lasting:
        return tr("Lasting");
    case Line:
        return tr("What the node said");
    default:
        return {};
    }
}

QString AlertModel::said(const Alert &alert) const
{
    const qint64 now = m_clock();
    QStringList parts;
    switch (alert.state(now)) {
    case AlertState::Acknowledged:
        parts << tr("acknowledged %1").arg(momentText(alert.acknowledgedAt, now));
        break;
    case AlertState::Snoozed:
        parts << (alert.snoozedUntil == Alert::untilChange
                ? tr("snoozed until it changes")
                : tr("snoozed until %1").arg(momentText(alert.snoozedUntil, now)));
        break;
    case AlertState::Ended:
        parts << tr("ended %1").arg(momentText(alert.endedAt, now));
        break;
    case AlertState::Open:
        break;
    }
    if (alert.times > 1)
        parts << tr("came %1 times").arg(alert.times);
    return parts.join(QStringLiteral(", "));
}

QVariant AlertModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (const auto *group = static_cast<const Group *>(index.internalPointer()))
        return alertData(group->rows[std::size_t(index.row())], index.column(), role);
    const Group &group = *m_groups[std::size_t(index.row())];
    return group.single ? alertData(group.rows.front(), index.column(), role)
                        : groupData(group, index.column(), role);
}

static QString inWords(const QStringList &parts)
{
    QStringList filled = parts;
    filled.removeAll(QString());
    return filled.join(QStringLiteral(", "));
}

QVariant AlertModel::alertData(const AlertRow &row, int column, int role) const
{
    const Alert &alert = row.alert;
    const qint64 now = m_clock();
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case What:
            return alert.words().title;
        case Where:
            return alert.place();
        case JobColumn:
            return row.jobName;
        case Since:
            return momentText(alert.since, now);
        case Lasting:
            return formatAge(std::chrono::milliseconds(alert.lasting(now)));
        default:
            return alert.raw;
        }
    case Qt::AccessibleTextRole:
        if (column != What)
            return alertData(row, column, Qt::DisplayRole);
        return inWords(
            {verdictName(alert.verdict), alert.words().title, alert.place(), said(alert)});
    case Qt::ToolTipRole:
        return column == Line ? alert.raw
                              : inWords({alert.words().title, alert.place(), said(alert)});
    case KeyRole:
        return alert.id;
    case StateRole:
        return column == What ? verdictName(alert.verdict) : QVariant();
    case AgeRole:
        return alert.lastSeen;
    case IdsRole:
        return QStringList{alert.id};
    case CountRole:
        return 1;
    case SaidRole:
        return said(alert);
    default:
        return {};
    }
}

QVariant AlertModel::groupData(const Group &group, int column, int role) const
{
    const AlertRow &first = group.rows.front();
    auto verdict = HealthVerdict::Ok;
    qint64 since = first.alert.since, lasting = 0;
    QSet<QString> nodes, devices, jobs;
    QStringList ids;
    for (const AlertRow &row : group.rows) {
        verdict = std::max(verdict, row.alert.verdict);
        since = std::min(since, row.alert.since);
        lasting = std::max(lasting, row.alert.lasting(m_clock()));
        nodes.insert(row.alert.target);
        if (!row.alert.device.isEmpty())
            devices.insert(row.alert.target + QLatin1Char('/') + row.alert.device);
        if (!row.job.isEmpty())
            jobs.insert(row.job);
        ids << row.alert.id;
    }
    const QString onNodes
        = nodes.size() == 1 ? first.alert.nodeName : tr("%1 nodes").arg(nodes.size());
    const QString place = devices.isEmpty() ? onNodes
        : nodes.size() == 1 ? tr("%1 devices of %2").arg(devices.size()).arg(onNodes)
                            : tr("%1 devices on %2").arg(devices.size()).arg(onNodes);
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case What:
            return first.alert.words().title;
        case Where:
            return place;
        case JobColumn:
            return jobs.isEmpty()  ? QString()
                : jobs.size() == 1 ? first.jobName
                                   : tr("%1 jobs").arg(jobs.size());
        case Since:
            return momentText(since, m_clock());
        case Lasting:
            return formatAge(std::chrono::milliseconds(lasting));
        default:
            return first.alert.raw;
        }
    case Qt::AccessibleTextRole:
        if (column != What)
            return groupData(group, column, Qt::DisplayRole);
        return inWords({verdictName(verdict), first.alert.words().title,
            tr("%1 alerts").arg(group.rows.size()), place});
    case Qt::ToolTipRole:
        return inWords({first.alert.words().title, place});
    case KeyRole:
        return QLatin1String("group:") + group.rule;
    case StateRole:
        return column == What ? verdictName(verdict) : QVariant();
    case IdsRole:
        return ids;
    case CountRole:
        return int(group.rows.size());
    case SaidRole:
        return QString();
    default:
        return {};
    }
}

} // namespace pilothouse
