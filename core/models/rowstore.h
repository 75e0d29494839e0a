// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/rowsnapshot.h"

#include <QHash>

#include <optional>

namespace pilothouse {

/// Keyed rows in typed columns. Rows live in slots that are used again. Writing while a snapshot is
/// out copies the columns that are written (`lend` and `giveBack`). Main thread.
class RowStore {
public:
    explicit RowStore(const std::vector<CellKind> &columns);

    quint32 add(const QString &key); ///< the slot of a key that is not there yet
    std::optional<quint32> slotOf(const QString &key) const;
    void remove(quint32 slot);
    const QString &keyOf(quint32 slot) const { return m_keys[slot]; }
    bool isAlive(quint32 slot) const { return slot < slots() && hasBit(*m_alive, slot); }
    quint32 slots() const { return quint32(m_keys.size()); }
    int count() const { return int(m_byKey.size()); }

    /// False when the cell held this already.
    bool set(quint32 slot, int column, double value);
    bool set(quint32 slot, int column, const QString &text);
    double number(quint32 slot, int column) const;
    const QString &text(quint32 slot, int column) const;
    const ColumnValues &values(int column) const { return *m_columns[std::size_t(column)].values; }
    CellKind kind(int column) const { return values(column).kind; }

    RowSnapshot snapshot() const;
    void lend(); ///< the snapshots made now go to another thread
    void giveBack(); ///< ... which is done with them
    /// No row came or went since.
    bool hasSameRows(const RowSnapshot &since) const { return m_structureEpoch <= since.epoch; }
    void keepAlive(RowBits &rows) const; ///< takes those out that are not there any more
    /// What a sort of `from` found, as far as it still holds.
    void keep(const RowSnapshot &from, const RowOrder &order);
    void compact(); ///< drops texts no row has any more, when they are many

private:
    struct Column {
        std::shared_ptr<ColumnValues> values;
        std::shared_ptr<TextTable> table;
        std::shared_ptr<const TextRanks> ranks;
        QHash<QString, quint32> ids;
        quint64 epoch = 0; ///< when a cell last changed
        bool shared = false, tableShared = false; ///< a snapshot that is out has it
    };
    void detach(Column &column);
    void detachAlive();
    void outdate(int column); ///< -1 = rows came or went
    quint32 textId(Column &column, const QString &text);

    std::vector<Column> m_columns;
    std::shared_ptr<const std::vector<quint32>> m_sorted; ///< null = outdated
    std::vector<SortKey> m_sortedBy;
    quint64 m_epoch = 0; ///< counts what may outdate an order
    quint64 m_structureEpoch = 0; ///< when rows last came or went

    std::shared_ptr<RowBits> m_alive = std::make_shared<RowBits>();
    std::vector<QString> m_keys;
    std::vector<quint32> m_free;
    QHash<QString, quint32> m_byKey;
    bool m_aliveShared = false;
};

} // namespace pilothouse
