// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// How RowIndexModel gets from the order it shows to the one it should show.
#include "core/base/offload.h"
#include "core/models/rowindex.h"

#include <algorithm>

namespace pilothouse {

/// Up to so many signals; each costs a view about as much as the one layout change does.
static constexpr std::size_t fewRuns = 24;

void RowIndexModel::reorder()
{
    if (m_store.slots() > m_inlineLimit) {
        m_again = true;
        if (!m_running && !m_ranking)
            startJob();
        return;
    }
    const auto snapshot = m_store.snapshot();
    auto order = orderRows(snapshot, m_keys, m_filter);
    m_store.keep(snapshot, order);
    settleTo(std::move(order.slots));
    Q_EMIT settled();
}

void RowIndexModel::startJob()
{
    m_running = true;
    m_again = false;
    const auto snapshot = m_store.snapshot();
    m_store.lend();
    auto task = offload([snapshot, keys = m_keys, filter = m_filter] {
        return std::make_shared<RowOrder>(orderRows(snapshot, keys, filter));
    });
    QCoro::connect(std::move(task), this, [this, snapshot](const std::shared_ptr<RowOrder> &order) {
        m_store.giveBack();
        m_store.keep(snapshot, *order);
        m_running = false;
        // Rows may have gone meanwhile; those that came are in the next round.
        std::erase_if(order->slots, [this](quint32 slot) { return !m_store.isAlive(slot); });
        settleTo(std::move(order->slots));
        finish();
    });
}

void RowIndexModel::finish()
{
    if (m_again) {
        startJob();
        return;
    }
    Q_EMIT settled();
    if (!m_again && !m_running)
        rankAhead();
}

void RowIndexModel::rankAhead()
{
    const auto snapshot = m_store.snapshot();
    std::vector<std::size_t> outdated;
    for (std::size_t i = 0; i < std::size_t(m_shown); ++i) {
        const auto &column = *snapshot.columns[i];
        if (column.kind == CellKind::Text
            && (!snapshot.ranks[i] || snapshot.ranks[i]->rank.size() != column.table->size()))
            outdated.push_back(i);
    }
    if (outdated.empty())
        return;
    m_ranking = true;
    m_store.lend();
    auto task = offload([snapshot, outdated] {
        auto found = std::make_shared<RowOrder>();
        found->ranks = snapshot.ranks;
        for (const auto i : outdated)
            found->ranks[i] = std::make_shared<TextRanks>(
                rankTexts(*snapshot.columns[i]->table, snapshot.ranks[i].get()));
        return found;
    });
    QCoro::connect(std::move(task), this, [this, snapshot](const std::shared_ptr<RowOrder> &found) {
        m_store.giveBack();
        m_store.keep(snapshot, *found);
        m_ranking = false;
        if (m_again)
            startJob();
    });
}

void RowIndexModel::number(std::size_t from)
{
    for (std::size_t row = from; row < m_order.size(); ++row)
        m_place[m_order[row]] = qint32(row);
}

void RowIndexModel::settleTo(std::vector<quint32> target)
{
    if (target == m_order)
        return;
    if (moveOne(target) || settleByRuns(target))
        return;
    settleAtOnce(std::move(target));
}

/// One row that found another place, the commonest change of a sorted live table.
bool RowIndexModel::moveOne(const std::vector<quint32> &target)
{
    if (target.size() != m_order.size())
        return false;
    const auto first = std::size_t(
        std::mismatch(m_order.begin(), m_order.end(), target.begin()).first - m_order.begin());
    const auto last = m_order.size() - 1
        - std::size_t(std::mismatch(m_order.rbegin(), m_order.rend(), target.rbegin()).first
            - m_order.rbegin());
    const auto at = [](auto &list, std::size_t i) { return list.begin() + std::ptrdiff_t(i); };
    const bool down = m_order[first] == target[last]
        && std::equal(at(m_order, first + 1), at(m_order, last + 1), at(target, first));
    const bool up = m_order[last] == target[first]
        && std::equal(at(m_order, first), at(m_order, last), at(target, first + 1));
    if (!down && !up)
        return false;
    const int from = int(down ? first : last), to = int(down ? last + 1 : first);
    beginMoveRows({}, from, from, {}, to);
    m_order = target;
    number(first);
    endMoveRows();
    return true;
}

/// Rows that went and rows that came, where the others keep their order and the runs are few.
bool RowIndexModel::settleByRuns(const std::vector<quint32> &target)
{
    constexpr qint32 unseen = -2;
    std::vector<qint32> wanted(m_place.size(), unseen);
    for (std::size_t row = 0; row < target.size(); ++row)
        wanted[target[row]] = qint32(row);
    std::size_t runs = 0;
    std::vector<std::pair<int, int>> gone;
    qint32 before = -1;
    for (int row = 0; row < int(m_order.size()); ++row) {
        const auto place = wanted[m_order[std::size_t(row)]];
        if (place == unseen) {
            if (!gone.empty() && gone.back().second + 1 == row)
                gone.back().second = row;
            else if (++runs > fewRuns)
                return false;
            else
                gone.emplace_back(row, row);
        } else if (place < before) {
            return false;
        } else {
            before = place;
        }
    }
    std::vector<std::pair<int, int>> fresh;
    for (int row = 0; row < int(target.size()); ++row) {
        if (m_place[target[std::size_t(row)]] >= 0)
            continue;
        if (!fresh.empty() && fresh.back().second + 1 == row)
            fresh.back().second = row;
        else if (++runs > fewRuns)
            return false;
        else
            fresh.emplace_back(row, row);
    }
    for (auto run = gone.rbegin(); run != gone.rend(); ++run) {
        beginRemoveRows({}, run->first, run->second);
        for (int row = run->first; row <= run->second; ++row)
            m_place[m_order[std::size_t(row)]] = -1;
        m_order.erase(m_order.begin() + run->first, m_order.begin() + run->second + 1);
        number(std::size_t(run->first));
        endRemoveRows();
    }
    for (const auto &[first, last] : fresh) {
        beginInsertRows({}, first, last);
        m_order.insert(m_order.begin() + first, target.begin() + first, target.begin() + last + 1);
        number(std::size_t(first));
        endInsertRows();
    }
    return true;
}

/// However much changed: new rows at the end, one change of the layout that puts them in and those
/// that go last, and one removal of the end. Three signals instead of thousands.
void RowIndexModel::settleAtOnce(std::vector<quint32> target)
{
    std::vector<quint32> fresh, gone;
    for (const auto slot : target) {
        if (m_place[slot] < 0)
            fresh.push_back(slot);
    }
    RowBits wanted(m_store.slots() / 64 + 1, 0);
    for (const auto slot : target)
        wanted[slot / 64] |= quint64(1) << (slot % 64);
    for (const auto slot : m_order) {
        if (!hasBit(wanted, slot))
            gone.push_back(slot);
    }
    if (!fresh.empty()) {
        const auto count = m_order.size();
        beginInsertRows({}, int(count), int(count + fresh.size()) - 1);
        m_order.insert(m_order.end(), fresh.begin(), fresh.end());
        number(count);
        endInsertRows();
    }
    const auto count = target.size();
    target.insert(target.end(), gone.begin(), gone.end());
    if (target != m_order)
        replaceOrder(std::move(target));
    if (!gone.empty()) {
        beginRemoveRows({}, int(count), int(m_order.size()) - 1);
        for (std::size_t row = count; row < m_order.size(); ++row)
            m_place[m_order[row]] = -1;
        m_order.resize(count);
        endRemoveRows();
    }
}

void RowIndexModel::replaceOrder(std::vector<quint32> order)
{
    Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const auto before = std::move(m_order);
    m_order = std::move(order);
    number();
    const auto persistent = persistentIndexList();
    QModelIndexList now;
    now.reserve(persistent.size());
    for (const auto &old : persistent)
        now << index(m_place[before[std::size_t(old.row())]], old.column());
    changePersistentIndexList(persistent, now);
    Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

} // namespace pilothouse
