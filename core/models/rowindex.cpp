// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/rowindex.h"

#include "core/base/units.h"
#include "core/models/rowmodel.h"

#include <algorithm>
#include <cmath>

namespace pilothouse {

static std::vector<CellKind> kindsOf(const std::vector<IndexColumn> &columns)
{
    Q_ASSERT(columns.size() <= 64);
    std::vector<CellKind> kinds;
    for (const auto &column : columns)
        kinds.push_back(column.kind);
    return kinds;
}

RowIndexModel::RowIndexModel(std::vector<IndexColumn> columns, QObject *parent)
    : QAbstractTableModel(parent)
    , m_columns(std::move(columns))
    , m_store(kindsOf(m_columns))
{
    while (m_shown < int(m_columns.size()) && !m_columns[std::size_t(m_shown)].title.isEmpty())
        ++m_shown;
}

RowIndexModel::~RowIndexModel() = default;

RowIndexModel::Edit::Edit(RowIndexModel *model)
    : m_model(model)
{
    Q_ASSERT(!model->m_editing);
    model->m_editing = true;
}

RowIndexModel::Edit::~Edit()
{
    m_model->m_editing = false;
    m_model->commit();
}

static bool setBit(RowBits &bits, quint32 slot)
{
    if (bits.size() <= slot / 64)
        bits.resize(slot / 64 + 1, 0);
    if (hasBit(bits, slot))
        return false;
    bits[slot / 64] |= quint64(1) << (slot % 64);
    return true;
}

quint32 RowIndexModel::Edit::row(const QString &key)
{
    auto &model = *m_model;
    auto slot = model.m_store.slotOf(key);
    if (!slot) {
        slot = model.m_store.add(key);
        model.m_placed = false;
        model.m_structure = true;
    } else if (!model.m_removed.empty()) {
        std::erase(model.m_removed, *slot); // it is there after all
    }
    if (setBit(model.m_touchedBits, *slot))
        model.m_touched.push_back(*slot);
    return *slot;
}

void RowIndexModel::Edit::set(quint32 slot, int column, double value)
{
    if (m_model->m_store.set(slot, column, value))
        m_model->touch(slot, column);
}

void RowIndexModel::Edit::set(quint32 slot, int column, const QString &text)
{
    if (m_model->m_store.set(slot, column, text))
        m_model->touch(slot, column);
}

void RowIndexModel::touch(quint32 slot, int column)
{
    m_changedColumns |= quint64(1) << column;
    if (setBit(m_changedBits, slot))
        m_changed.push_back(slot);
}

void RowIndexModel::Edit::remove(const QString &key)
{
    if (const auto slot = m_model->m_store.slotOf(key))
        m_model->m_removed.push_back(*slot);
}

void RowIndexModel::Edit::removeUntouched()
{
    auto &model = *m_model;
    for (quint32 slot = 0; slot < model.m_store.slots(); ++slot) {
        const bool touched
            = slot / 64 < model.m_touchedBits.size() && hasBit(model.m_touchedBits, slot);
        if (model.m_store.isAlive(slot) && !touched)
            model.m_removed.push_back(slot);
    }
}

void RowIndexModel::commit()
{
    if (!m_removed.empty())
        hideDead();
    announceChanges();
    const bool sorted = std::any_of(m_keys.begin(), m_keys.end(),
        [this](const SortKey &key) { return (m_changedColumns >> key.column & 1) != 0; });
    const bool moved = m_structure || sorted || (m_filter && m_changedColumns != 0);
    m_touched.clear();
    m_changed.clear();
    m_touchedBits.clear();
    m_changedBits.clear();
    m_changedColumns = 0;
    m_structure = false;
    m_store.compact();
    if (moved)
        reorder();
}

/// Rows that are gone leave at once: nothing may show a slot that will be used again.
void RowIndexModel::hideDead()
{
    RowBits dead;
    for (const auto slot : m_removed)
        setBit(dead, slot);
    dead.resize(m_store.slots() / 64 + 1, 0);
    std::vector<quint32> left;
    left.reserve(m_order.size());
    std::copy_if(m_order.begin(), m_order.end(), std::back_inserter(left),
        [&](quint32 slot) { return !hasBit(dead, slot); });
    RowBits wanted = m_visible;
    for (std::size_t word = 0; word < wanted.size(); ++word)
        wanted[word] &= ~dead[word];
    settleTo(std::move(left), std::move(wanted));
    for (const auto slot : m_removed) {
        if (m_store.isAlive(slot))
            m_store.remove(slot);
    }
    m_removed.clear();
    m_again = m_again || m_running; // what the worker brings still has them
}

void RowIndexModel::announceChanges()
{
    std::vector<int> rows;
    for (const auto slot : m_changed) {
        if (m_store.isAlive(slot) && rowOfSlot(slot) >= 0)
            rows.push_back(rowOfSlot(slot));
    }
    if (rows.empty())
        return;
    std::sort(rows.begin(), rows.end());
    int first = m_shown, last = -1;
    for (int column = 0; column < m_shown; ++column) {
        if ((m_changedColumns >> column & 1) != 0) {
            first = std::min(first, column);
            last = column;
        }
    }
    if (last < 0) { // only columns that are not shown, which extra roles may come from
        first = 0;
        last = m_shown - 1;
    }
    std::vector<std::pair<int, int>> runs;
    for (const int row : rows) {
        if (!runs.empty() && runs.back().second + 1 == row)
            runs.back().second = row;
        else
            runs.emplace_back(row, row);
    }
    if (runs.size() > 32) // a view repaints what it shows once, however many signals come
        runs = {{rows.front(), rows.back()}};
    for (const auto &[from, to] : runs)
        Q_EMIT dataChanged(index(from, first), index(to, last));
}

void RowIndexModel::setSortKeys(std::vector<SortKey> keys)
{
    if (m_keys == keys)
        return;
    m_keys = std::move(keys);
    reorder();
}

void RowIndexModel::sort(int column, Qt::SortOrder order)
{
    auto keys = m_keys;
    std::erase_if(keys, [column](const SortKey &key) { return key.column == column; });
    if (keys.size() > 2)
        keys.pop_back();
    if (column >= 0 && column < m_shown)
        keys.insert(keys.begin(), {column, order == Qt::DescendingOrder});
    else
        keys.clear();
    setSortKeys(std::move(keys));
}

void RowIndexModel::setFilter(RowFilter filter)
{
    if (!filter && !m_filter)
        return;
    m_filter = std::move(filter);
    reorder();
}

int RowIndexModel::columnOf(const QString &id) const
{
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        if (m_columns[i].id == id)
            return int(i);
    }
    return -1;
}

int RowIndexModel::rowOfSlot(quint32 slot) const
{
    return slot < m_store.slots() ? places()[slot] : -1;
}

int RowIndexModel::rowOf(const QString &key) const
{
    const auto slot = m_store.slotOf(key);
    return slot ? rowOfSlot(*slot) : -1;
}

int RowIndexModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_order.size());
}

int RowIndexModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_shown;
}

QString RowIndexModel::cellText(quint32 slot, int column) const
{
    const auto &here = m_columns[std::size_t(column)];
    if (here.kind == CellKind::Text) {
        const auto &text = m_store.text(slot, column);
        return text.isEmpty() ? QStringLiteral("–") : text;
    }
    const double value = m_store.number(slot, column);
    return formatValue(std::isnan(value) ? std::nullopt : std::optional(value), here.unit);
}

QVariant RowIndexModel::extra(quint32, int, int) const
{
    return {};
}

QVariant RowIndexModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto slot = slotAt(index.row());
    const int column = index.column();
    const bool number = m_columns[std::size_t(column)].kind == CellKind::Number;
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return cellText(slot, column);
    case SortRole:
        if (!number)
            return m_store.text(slot, column);
        return std::isnan(m_store.number(slot, column)) ? QVariant()
                                                        : QVariant(m_store.number(slot, column));
    case KeyRole:
        return m_store.keyOf(slot);
    case Qt::TextAlignmentRole:
        return QVariant(int(Qt::AlignVCenter | (number ? Qt::AlignRight : Qt::AlignLeft)));
    default:
        return extra(slot, column, role);
    }
}

QVariant RowIndexModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= m_shown)
        return {};
    const auto &column = m_columns[std::size_t(section)];
    if (role == Qt::DisplayRole)
        return column.title;
    if (role == Qt::ToolTipRole)
        return column.hint;
    if (role == Qt::TextAlignmentRole)
        return QVariant(int(
            Qt::AlignVCenter | (column.kind == CellKind::Number ? Qt::AlignRight : Qt::AlignLeft)));
    return {};
}

} // namespace pilothouse
