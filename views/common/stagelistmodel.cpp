// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/common/stagelistmodel.h"

#include "core/base/units.h"

#include <QRegularExpression>

namespace pilothouse {

static QString titleOf(const StageReport &report)
{
    if (report.hop.isEmpty())
        return stageTitle(report.stage);
    return report.stage == Stage::JumpHost
        ? StageListModel::tr("Jump host %1").arg(report.hop)
        : StageListModel::tr("%1, %2").arg(report.hop, stageTitle(report.stage));
}

static QString resultOf(const StageReport &report)
{
    if (report.state == StageState::Failed && report.error)
        return report.error->message;
    return report.result;
}

static QString timeOf(const StageReport &report)
{
    const bool ended = report.state == StageState::Done || report.state == StageState::Failed;
    return ended ? formatDuration(std::chrono::milliseconds(report.milliseconds)) : QString();
}

static QString stateOf(StageState state)
{
    switch (state) {
    case StageState::Waiting:
        return StageListModel::tr("waiting");
    case StageState::Running:
        return StageListModel::tr("running");
    case StageState::Done:
        return StageListModel::tr("done");
    case StageState::Failed:
        return StageListModel::tr("failed");
    case StageState::Skipped:
        return StageListModel::tr("skipped");
    }
    return {};
}

void StageListModel::apply(const QList<StageReport> &stages)
{
    const int common = int(qMin(stages.size(), m_stages.size()));
    if (stages.size() < m_stages.size()) {
        beginRemoveRows({}, int(stages.size()), int(m_stages.size()) - 1);
        m_stages.resize(stages.size());
        endRemoveRows();
    } else if (stages.size() > m_stages.size()) {
        beginInsertRows({}, int(m_stages.size()), int(stages.size()) - 1);
        m_stages += stages.mid(m_stages.size());
        endInsertRows();
    }
    for (int i = 0; i < common; ++i)
        m_stages[i] = stages[i];
    if (common > 0)
        Q_EMIT dataChanged(index(0), index(common - 1));
}

QString StageListModel::asText() const
{
    QStringList lines;
    for (const auto &report : m_stages) {
        lines << QStringList{titleOf(report), stateOf(report.state), resultOf(report),
            timeOf(report)}
                     .join(u'\t')
                     .trimmed();
    }
    return lines.join(u'\n');
}

int StageListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_stages.size());
}

QVariant StageListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto &report = m_stages[index.row()];
    switch (role) {
    case ReportRole:
        return QVariant::fromValue(report);
    case TitleRole:
        return titleOf(report);
    case ResultRole:
        return resultOf(report);
    case TimeRole:
        return timeOf(report);
    case Qt::DisplayRole:
        return titleOf(report);
    case Qt::AccessibleTextRole:
        return QStringList{titleOf(report), stateOf(report.state), resultOf(report), timeOf(report)}
            .filter(QRegularExpression(QStringLiteral(".")))
            .join(QStringLiteral(", "));
    default:
        return {};
    }
}

} // namespace pilothouse
