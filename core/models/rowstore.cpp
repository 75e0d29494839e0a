// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/rowstore.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pilothouse {

RowStore::RowStore(const std::vector<CellKind> &columns)
{
    for (const auto kind : columns) {
        Column column;
        column.values = std::make_shared<ColumnValues>();
        column.values->kind = kind;
        if (kind == CellKind::Text) {
            column.table = std::make_shared<TextTable>();
            column.values->table = column.table;
            column.ids.insert(QString(), 0);
        }
        m_columns.push_back(std::move(column));
    }
}

void RowStore::lend()
{
    m_aliveShared = true;
    for (auto &column : m_columns)
        column.shared = column.tableShared = true;
}

void RowStore::giveBack()
{
    m_aliveShared = false;
    for (auto &column : m_columns)
        column.shared = column.tableShared = false;
}

void RowStore::detach(Column &column)
{
    if (column.shared)
        column.values = std::make_shared<ColumnValues>(*column.values);
    column.shared = false;
}

void RowStore::detachAlive()
{
    if (m_aliveShared)
        m_alive = std::make_shared<RowBits>(*m_alive);
    m_aliveShared = false;
}

quint32 RowStore::add(const QString &key)
{
    quint32 slot = 0;
    if (!m_free.empty()) {
        slot = m_free.back();
        m_free.pop_back();
    } else {
        slot = slots();
        m_keys.emplace_back();
    }
    for (auto &column : m_columns) {
        detach(column);
        auto &values = *column.values;
        if (values.kind == CellKind::Number) {
            values.numbers.resize(m_keys.size(), std::numeric_limits<double>::quiet_NaN());
            values.numbers[slot] = std::numeric_limits<double>::quiet_NaN();
        } else {
            values.texts.resize(m_keys.size(), 0);
            values.texts[slot] = 0;
        }
    }
    detachAlive();
    m_alive->resize((m_keys.size() + 63) / 64, 0);
    (*m_alive)[slot / 64] |= quint64(1) << (slot % 64);
    m_keys[slot] = key;
    m_byKey.insert(key, slot);
    outdate(-1);
    return slot;
}

std::optional<quint32> RowStore::slotOf(const QString &key) const
{
    const auto found = m_byKey.constFind(key);
    return found == m_byKey.constEnd() ? std::nullopt : std::optional(*found);
}

void RowStore::remove(quint32 slot)
{
    detachAlive();
    (*m_alive)[slot / 64] &= ~(quint64(1) << (slot % 64));
    m_byKey.remove(m_keys[slot]);
    m_keys[slot].clear();
    m_free.push_back(slot);
    outdate(-1);
}

bool RowStore::set(quint32 slot, int column, double value)
{
    auto &here = m_columns[std::size_t(column)];
    Q_ASSERT(here.values->kind == CellKind::Number);
    const double old = here.values->numbers[slot];
    if (old == value || (std::isnan(old) && std::isnan(value)))
        return false;
    detach(here);
    here.values->numbers[slot] = value;
    outdate(column);
    return true;
}

quint32 RowStore::textId(Column &column, const QString &text)
{
    const auto found = column.ids.constFind(text);
    if (found != column.ids.constEnd())
        return *found;
    if (column.tableShared) {
        column.table = std::make_shared<TextTable>(*column.table);
        column.tableShared = false;
        detach(column);
        column.values->table = column.table;
    }
    const auto id = column.table->add(text);
    column.ids.insert(text, id);
    return id;
}

bool RowStore::set(quint32 slot, int column, const QString &text)
{
    auto &here = m_columns[std::size_t(column)];
    Q_ASSERT(here.values->kind == CellKind::Text);
    const auto old = here.values->texts[slot];
    if (here.table->text(old) == text)
        return false;
    const auto id = textId(here, text);
    detach(here);
    here.values->texts[slot] = id;
    outdate(column);
    return true;
}

double RowStore::number(quint32 slot, int column) const
{
    return values(column).numbers[slot];
}

const QString &RowStore::text(quint32 slot, int column) const
{
    const auto &here = values(column);
    return here.table->text(here.texts[slot]);
}

RowSnapshot RowStore::snapshot() const
{
    RowSnapshot snapshot;
    snapshot.slots = slots();
    snapshot.alive = m_alive;
    snapshot.epoch = m_epoch;
    snapshot.sorted = m_sorted;
    snapshot.sortedBy = m_sorted ? m_sortedBy : std::vector<SortKey>();
    for (const auto &column : m_columns) {
        snapshot.columns.push_back(column.values);
        snapshot.ranks.push_back(column.ranks);
    }
    return snapshot;
}

void RowStore::keep(const RowSnapshot &from, const RowOrder &order)
{
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        // A table that was compacted meanwhile numbers its texts anew and has other ranks; one that
        // was only added to keeps those it has.
        if (m_columns[i].ranks == from.ranks[i])
            m_columns[i].ranks = order.ranks[i];
    }
    if (!order.sorted || from.epoch < m_structureEpoch)
        return;
    const bool holds = std::all_of(order.sortedBy.begin(), order.sortedBy.end(),
        [&](const SortKey &key) { return m_columns[std::size_t(key.column)].epoch <= from.epoch; });
    if (holds) {
        m_sorted = order.sorted;
        m_sortedBy = order.sortedBy;
    }
}

void RowStore::keepAlive(RowBits &rows) const
{
    for (std::size_t word = 0; word < rows.size(); ++word)
        rows[word] &= (*m_alive)[word];
}

void RowStore::outdate(int column)
{
    ++m_epoch;
    if (column < 0)
        m_structureEpoch = m_epoch;
    else
        m_columns[std::size_t(column)].epoch = m_epoch;
    if (m_sorted
        && (column < 0
            || std::any_of(m_sortedBy.begin(), m_sortedBy.end(),
                [column](const SortKey &key) { return key.column == column; })))
        m_sorted.reset();
}

void RowStore::compact()
{
    for (auto &column : m_columns) {
        if (!column.table || column.table->size() < 4096
            || column.table->size() < 2 * quint32(m_byKey.size()))
            continue;
        const auto old = column.table;
        detach(column);
        column.table = std::make_shared<TextTable>();
        column.tableShared = false;
        column.ranks = std::make_shared<TextRanks>(); // another than any that is out
        column.ids.clear();
        column.ids.insert(QString(), 0);
        column.values->table = column.table;
        for (quint32 slot = 0; slot < slots(); ++slot) {
            auto &text = column.values->texts[slot];
            text = isAlive(slot) ? textId(column, old->text(text)) : 0;
        }
    }
}

} // namespace pilothouse
