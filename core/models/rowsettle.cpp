// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// How RowIndexModel gets from the order it shows to the one it should show.
#include "core/base/offload.h"
#include "core/models/rowindex.h"

#include <algorithm>
#include <utility>

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
    settleTo(std::move(order.slots), std::move(order.shown));
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
        if (!m_store.hasSameRows(snapshot)) {
            std::erase_if(order->slots, [this](quint32 slot) { return !m_store.isAlive(slot); });
            m_store.keepAlive(order->shown);
        }
        settleTo(std::move(order->slots), std::move(order->shown));
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

const std::vector<qint32> &RowIndexModel::places() const
{
    if (!m_placed) {
        m_place.assign(m_store.slots(), -1);
        for (std::size_t row = 0; row < m_order.size(); ++row)
            m_place[m_order[row]] = qint32(row);
        m_placed = true;
    }
    return m_place;
}

/// Some of `rows` are not in `others`, which are as many words.
static bool hasMore(const RowBits &rows, const RowBits &others)
{
    for (std::size_t word = 0; word < rows.size(); ++word)
        if ((rows[word] & ~others[word]) != 0)
            return true;
    return false;
}

void RowIndexModel::settleTo(std::vector<quint32> target, RowBits wanted)
{
    m_visible.resize(m_store.slots() / 64 + 1, 0);
    wanted.resize(m_visible.size(), 0);
    const bool sameRows = wanted == m_visible;
    if ((sameRows && target == m_order) || (sameRows && moveOne(target)))
        return;
    if (!settleByRuns(target, wanted))
        settleAtOnce(std::move(target), wanted);
    m_visible = std::move(wanted);
}

/// One row that found another place, the commonest change of a sorted live table.
bool RowIndexModel::moveOne(const std::vector<quint32> &target)
{
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
    if (m_placed)
        for (auto row = first; row <= last; ++row)
            m_place[m_order[row]] = qint32(row);
    endMoveRows();
    return true;
}

/// Rows that went and rows that came, where the others keep their order and the runs are few.
bool RowIndexModel::settleByRuns(const std::vector<quint32> &target, const RowBits &wanted)
{
    std::vector<std::pair<int, int>> gone, fresh; // runs: first and last row
    // The end of the run of rows that are not in `rows`.
    const auto runFrom
        = [](const std::vector<quint32> &order, std::size_t row, const RowBits &rows) {
              while (row < order.size() && !hasBit(rows, order[row]))
                  ++row;
              return row;
          };
    for (std::size_t from = 0, to = 0; from < m_order.size() || to < target.size();) {
        const auto kept = runFrom(m_order, from, wanted), old = runFrom(target, to, m_visible);
        if (kept > from)
            gone.emplace_back(int(from), int(kept) - 1);
        if (old > to)
            fresh.emplace_back(int(to), int(old) - 1);
        if (gone.size() + fresh.size() > fewRuns)
            return false;
        const auto first = from, second = to;
        for (from = kept, to = old; from < m_order.size() && to < target.size(); ++from, ++to) {
            if (m_order[from] != target[to]) {
                if (hasBit(wanted, m_order[from]) && hasBit(m_visible, target[to]))
                    return false; // both stay, in another order
                break;
            }
        }
        if (from == first && to == second)
            return false; // not what `wanted` says
    }
    const auto at = [](auto &list, int row) { return list.begin() + row; };
    for (auto run = gone.rbegin(); run != gone.rend(); ++run) {
        beginRemoveRows({}, run->first, run->second);
        m_order.erase(at(m_order, run->first), at(m_order, run->second + 1));
        m_placed = false;
        endRemoveRows();
    }
    for (const auto &[first, last] : fresh) {
        beginInsertRows({}, first, last);
        m_order.insert(at(m_order, first), at(target, first), at(target, last + 1));
        m_placed = false;
        endInsertRows();
    }
    return true;
}

/// However much changed: new rows at the end, one change of the layout that puts them in and those
/// that go last, and one removal of the end. Three signals instead of thousands.
void RowIndexModel::settleAtOnce(std::vector<quint32> target, const RowBits &wanted)
{
    const auto before = m_order.size(), count = target.size();
    if (hasMore(wanted, m_visible)) {
        std::vector<quint32> fresh;
        for (const auto slot : target) {
            if (!hasBit(m_visible, slot))
                fresh.push_back(slot);
        }
        beginInsertRows({}, int(before), int(before + fresh.size()) - 1);
        m_order.insert(m_order.end(), fresh.begin(), fresh.end());
        m_placed = false;
        endInsertRows();
    }
    if (hasMore(m_visible, wanted)) {
        target.resize(m_order.size());
        auto *place = target.data() + count;
        for (const auto slot : m_order) {
            if (!hasBit(wanted, slot))
                *place++ = slot;
        }
    }
    if (target != m_order)
        replaceOrder(std::move(target));
    if (m_order.size() > count) {
        beginRemoveRows({}, int(count), int(m_order.size()) - 1);
        m_order.resize(count);
        m_placed = false;
        endRemoveRows();
    }
}

void RowIndexModel::replaceOrder(std::vector<quint32> order)
{
    Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const auto before = std::exchange(m_order, std::move(order));
    m_placed = false;
    const auto persistent = persistentIndexList();
    QModelIndexList now;
    now.reserve(persistent.size());
    for (const auto &old : persistent)
        now << index(rowOfSlot(before[std::size_t(old.row())]), old.column());
    changePersistentIndexList(persistent, now);
    Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

} // namespace pilothouse
