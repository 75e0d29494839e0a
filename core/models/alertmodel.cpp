// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/alertmodel.h"

#include "core/base/units.h"

#include <QDateTime>
#include <QLocale>
#include <QSet>

namespace pilothouse {

QString momentText(qint64 unixMs, qint64 now)
{
    const auto moment = QDateTime::fromMSecsSinceEpoch(unixMs);
    const qint64 days = moment.date().daysTo(QDateTime::fromMSecsSinceEpoch(now).date());
    const QString time = moment.toString(QStringLiteral("HH:mm"));
    if (days == 0)
        return time;
    if (days == 1)
        return AlertModel::tr("yesterday %1").arg(time);
    return QLocale().toString(moment.date(), QStringLiteral("d MMM")) + QLatin1Char(' ') + time;
}

static AlertView viewOf(AlertState state)
{
    return state == AlertState::Open ? AlertView::Open
        : state == AlertState::Ended ? AlertView::Ended
                                     : AlertView::Quiet;
}

AlertModel::AlertModel(std::function<qint64()> clock, QObject *parent)
    : QAbstractItemModel(parent)
    , m_clock(std::move(clock))
{
}

AlertModel::~AlertModel() = default;

bool AlertModel::shows(const AlertRow &row) const
{
    if (viewOf(row.alert.state(m_clock())) != m_view)
        return false;
    const QStringList words = m_text.split(u' ', Qt::SkipEmptyParts);
    if (words.isEmpty())
        return true;
    const QStringList texts{row.alert.words().title, row.alert.place(), row.jobName, row.alert.raw,
        row.alert.rule, verdictName(row.alert.verdict)};
    return std::all_of(words.begin(), words.end(), [&](const QString &word) {
        return std::any_of(texts.begin(), texts.end(),
            [&](const QString &text) { return text.contains(word, Qt::CaseInsensitive); });
    });
}

bool AlertModel::before(const AlertRow &a, const AlertRow &b) const
{
    const qint64 now = m_clock();
    const auto compared = [&]() -> int {
        const auto order = [](const auto &x, const auto &y) { return x < y ? -1 : y < x ? 1 : 0; };
        switch (m_column) {
        case What:
            return QString::localeAwareCompare(a.alert.words().title, b.alert.words().title);
        case Where:
            return QString::localeAwareCompare(a.alert.place(), b.alert.place());
        case JobColumn:
            return QString::localeAwareCompare(a.jobName, b.jobName);
        case Since:
            return order(a.alert.since, b.alert.since);
        case Lasting:
            return order(a.alert.lasting(now), b.alert.lasting(now));
        case Line:
            return QString::localeAwareCompare(a.alert.raw, b.alert.raw);
        default:
            return 0;
        }
    }();
    if (compared != 0)
        return m_order == Qt::AscendingOrder ? compared < 0 : compared > 0;
    if (m_view == AlertView::Ended && a.alert.endedAt != b.alert.endedAt)
        return a.alert.endedAt > b.alert.endedAt;
    if (m_view != AlertView::Ended && a.alert.verdict != b.alert.verdict)
        return a.alert.verdict > b.alert.verdict;
    return a.alert.since != b.alert.since ? a.alert.since > b.alert.since : a.alert.id < b.alert.id;
}

AlertModel::Groups AlertModel::wanted() const
{
    Groups groups;
    QHash<QString, Group *> byRule;
    for (const AlertRow &row : m_all) {
        if (!shows(row))
            continue;
        auto *&group = byRule[row.alert.rule];
        if (group == nullptr) {
            groups.push_back(std::make_unique<Group>());
            group = groups.back().get();
            group->rule = row.alert.rule;
        }
        group->rows.push_back(row);
    }
    for (auto &group : groups)
        std::sort(group->rows.begin(), group->rows.end(),
            [this](const AlertRow &a, const AlertRow &b) { return before(a, b); });
    std::sort(groups.begin(), groups.end(),
        [this](const auto &a, const auto &b) { return before(a->rows.front(), b->rows.front()); });
    return groups;
}

void AlertModel::apply(std::vector<AlertRow> rows)
{
    m_all = std::move(rows);
    settle();
}

void AlertModel::applySome(std::vector<AlertRow> rows, const QStringList &gone)
{
    QHash<QString, std::size_t> places;
    for (std::size_t i = 0; i < m_all.size(); ++i)
        places.insert(m_all[i].alert.id, i);
    for (auto &row : rows) {
        const auto place = places.constFind(row.alert.id);
        if (place != places.cend())
            m_all[*place] = std::move(row);
        else
            m_all.push_back(std::move(row));
    }
    if (!gone.isEmpty())
        std::erase_if(m_all, [&](const AlertRow &row) { return gone.contains(row.alert.id); });
    settle();
}

void AlertModel::setView(AlertView view)
{
    if (m_view == view)
        return;
    m_view = view;
    settle();
}

void AlertModel::setText(const QString &text)
{
    if (m_text == text)
        return;
    m_text = text;
    settle();
}

void AlertModel::sort(int column, Qt::SortOrder order)
{
    m_column = column;
    m_order = order;
    settle();
}

void AlertModel::settle()
{
    Groups next = wanted();
    for (int i = int(m_groups.size()) - 1; i >= 0; --i) {
        const auto &rule = m_groups[std::size_t(i)]->rule;
        if (std::any_of(
                next.begin(), next.end(), [&](const auto &one) { return one->rule == rule; }))
            continue;
        beginRemoveRows({}, i, i);
        m_groups.erase(m_groups.begin() + i);
        endRemoveRows();
    }
    for (int i = 0; i < int(next.size()); ++i) {
        auto &group = *next[std::size_t(i)];
        const auto found = std::find_if(m_groups.begin() + i, m_groups.end(),
            [&](const auto &one) { return one->rule == group.rule; });
        if (found == m_groups.end()) {
            auto fresh = std::make_unique<Group>();
            fresh->rule = group.rule;
            fresh->single = group.rows.size() == 1;
            fresh->rows = std::move(group.rows);
            beginInsertRows({}, i, i);
            m_groups.insert(m_groups.begin() + i, std::move(fresh));
            endInsertRows();
            continue;
        }
        const int from = int(found - m_groups.begin());
        if (from != i) {
            beginMoveRows({}, from, from, {}, i);
            std::rotate(m_groups.begin() + i, m_groups.begin() + from, m_groups.begin() + from + 1);
            endMoveRows();
        }
        settleRows(i, std::move(group.rows));
    }
}

void AlertModel::settleRows(int place, std::vector<AlertRow> rows)
{
    Group &group = *m_groups[std::size_t(place)];
    if (group.rows == rows)
        return;
    const auto parent = index(place, 0);
    const bool single = rows.size() == 1;
    if (group.single || single) {
        if (!group.single) {
            beginRemoveRows(parent, 0, int(group.rows.size()) - 1);
            group.single = true;
            group.rows = std::move(rows);
            endRemoveRows();
        } else if (!single) {
            beginInsertRows(parent, 0, int(rows.size()) - 1);
            group.single = false;
            group.rows = std::move(rows);
            endInsertRows();
        } else {
            group.rows = std::move(rows);
        }
        Q_EMIT dataChanged(parent, index(place, ColumnCount - 1));
        return;
    }
    auto &now = group.rows;
    QSet<QString> kept;
    for (const AlertRow &row : rows)
        kept.insert(row.alert.id);
    for (int i = int(now.size()) - 1; i >= 0; --i) {
        if (kept.contains(now[std::size_t(i)].alert.id))
            continue;
        beginRemoveRows(parent, i, i);
        now.erase(now.begin() + i);
        endRemoveRows();
    }
    for (int i = 0; i < int(rows.size()); ++i) {
        auto &row = rows[std::size_t(i)];
        const auto found = std::find_if(now.begin() + i, now.end(),
            [&](const AlertRow &one) { return one.alert.id == row.alert.id; });
        if (found == now.end()) {
            beginInsertRows(parent, i, i);
            now.insert(now.begin() + i, std::move(row));
            endInsertRows();
            continue;
        }
        const int from = int(found - now.begin());
        if (from != i) {
            beginMoveRows(parent, from, from, parent, i);
            std::rotate(now.begin() + i, now.begin() + from, now.begin() + from + 1);
            endMoveRows();
        }
        now[std::size_t(i)] = std::move(row);
    }
    Q_EMIT dataChanged(index(0, 0, parent), index(int(now.size()) - 1, ColumnCount - 1, parent));
    Q_EMIT dataChanged(parent, index(place, ColumnCount - 1));
}

void AlertModel::refreshAges()
{
    for (int i = 0; i < int(m_groups.size()); ++i) {
        const auto parent = index(i, 0);
        Q_EMIT dataChanged(index(i, Since), index(i, Lasting), {Qt::DisplayRole});
        if (const int rows = rowCount(parent); rows > 0)
            Q_EMIT dataChanged(
                index(0, Since, parent), index(rows - 1, Lasting, parent), {Qt::DisplayRole});
    }
}

int AlertModel::count(AlertView view) const
{
    const qint64 now = m_clock();
    return int(std::count_if(m_all.begin(), m_all.end(),
        [&](const AlertRow &row) { return viewOf(row.alert.state(now)) == view; }));
}

int AlertModel::shownCount() const
{
    int count = 0;
    for (const auto &group : m_groups)
        count += int(group->rows.size());
    return count;
}

QModelIndex AlertModel::indexOf(const QString &alertId) const
{
    for (int i = 0; i < int(m_groups.size()); ++i) {
        const Group &group = *m_groups[std::size_t(i)];
        for (int row = 0; row < int(group.rows.size()); ++row) {
            if (group.rows[std::size_t(row)].alert.id == alertId)
                return group.single ? index(i, 0) : index(row, 0, index(i, 0));
        }
    }
    return {};
}

const AlertRow *AlertModel::find(const QString &alertId) const
{
    const auto place = std::find_if(
        m_all.begin(), m_all.end(), [&](const AlertRow &row) { return row.alert.id == alertId; });
    return place == m_all.end() ? nullptr : &*place;
}

const AlertRow *AlertModel::worstOf(const QString &target, const QString &device) const
{
    const AlertRow *worst = nullptr;
    for (const AlertRow &row : m_all) {
        const Alert &alert = row.alert;
        if (alert.target != target || alert.device != device || alert.endedAt != 0)
            continue;
        if (worst == nullptr || alert.verdict > worst->alert.verdict
            || (alert.verdict == worst->alert.verdict && alert.since > worst->alert.since))
            worst = &row;
    }
    return worst;
}

} // namespace pilothouse
