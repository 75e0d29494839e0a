// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/rowstore.h"

#include <QAbstractTableModel>
#include <QStringList>

namespace pilothouse {

/// A column as data: what it is called, what it holds, how it is shown.
struct IndexColumn {
    QString id; ///< also its name in the filter language: "util"
    QString title; ///< empty = not shown: only sorted and filtered by
    CellKind kind = CellKind::Number;
    QString unit = {}; ///< of a number, see formatValue(); "flag" is 0 or 1
    QString hint = {}; ///< what it means, one phrase
    QStringList aliases = {}; ///< other names in the filter language
    QStringList words = {}; ///< the texts it takes, when they are few and known
    bool searched = true; ///< a text that bare words of a filter look in
};

/// Fleet-sized table: typed columns, keyed rows, own sort and filter, never a reset. Changes come
/// as insertions, moves, removals and dataChanged where they are few, else as one layout change, so
/// that selection and scroll survive. Above `inlineRows` slots sorting and filtering run on a work
/// thread and show when they are done; `settled` tells. Texts are ranked ahead, so that the first
/// sort by a column is as fast as the next. Shown columns come first. Main thread.
class RowIndexModel : public QAbstractTableModel {
    Q_OBJECT

public:
    static constexpr int inlineRows = 16384;

    explicit RowIndexModel(std::vector<IndexColumn> columns, QObject *parent = nullptr);
    ~RowIndexModel() override;

    /// Collects changes; they show when it ends. Not nested.
    class Edit {
    public:
        explicit Edit(RowIndexModel *model);
        ~Edit();
        Q_DISABLE_COPY_MOVE(Edit)
        quint32 row(const QString &key); ///< makes it when it is new; counts as touched
        void set(quint32 slot, int column, double value); ///< NaN = unknown
        void set(quint32 slot, int column, const QString &text); ///< empty = unknown
        void remove(const QString &key);
        void removeUntouched(); ///< all rows this edit did not ask for

    private:
        RowIndexModel *m_model;
    };

    /// Also by QAbstractItemModel::sort(); then earlier columns break ties.
    void setSortKeys(std::vector<SortKey> keys);
    void setFilter(RowFilter filter); ///< null = all
    void setInlineLimit(quint32 slots) { m_inlineLimit = slots; }
    bool isSettling() const { return m_running || m_again; }

    const std::vector<IndexColumn> &columns() const { return m_columns; }
    int columnOf(const QString &id) const; ///< -1 = none
    const RowStore &store() const { return m_store; }
    quint32 slotAt(int row) const { return m_order[std::size_t(row)]; }
    int rowOfSlot(quint32 slot) const; ///< -1 = not shown
    int rowOf(const QString &key) const; ///< -1 = not shown
    int totalCount() const { return m_store.count(); }
    int hiddenCount() const { return m_store.count() - int(m_order.size()); }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void sort(int column, Qt::SortOrder order) override;

Q_SIGNALS:
    void settled(); ///< what is shown follows sort, filter and rows again

protected:
    virtual QString cellText(quint32 slot, int column) const; ///< DisplayRole
    virtual QVariant extra(
        quint32 slot, int column, int role) const; ///< StateRole, ToolTipRole ...

private:
    friend class Edit;
    void touch(quint32 slot, int column);
    void commit();
    void hideDead();
    void announceChanges();
    void reorder();
    void startJob();
    void rankAhead();
    void finish();
    /// `wanted`: the slots in `target`.
    void settleTo(std::vector<quint32> target, RowBits wanted);
    bool moveOne(const std::vector<quint32> &target);
    bool settleByRuns(const std::vector<quint32> &target, const RowBits &wanted);
    void settleAtOnce(std::vector<quint32> target, const RowBits &wanted);
    void replaceOrder(std::vector<quint32> order);
    const std::vector<qint32> &places() const;

    std::vector<IndexColumn> m_columns;
    int m_shown = 0;
    RowStore m_store;
    std::vector<quint32> m_order; ///< slots of the visible rows, top to bottom
    RowBits m_visible; ///< the same slots
    mutable std::vector<qint32> m_place; ///< by slot: its row, -1 = not visible; see places()
    mutable bool m_placed = false;
    std::vector<SortKey> m_keys;
    RowFilter m_filter;
    quint32 m_inlineLimit = inlineRows;
    bool m_running = false, m_again = false; ///< a work thread sorts; it has to once more
    bool m_ranking = false; ///< it ranks texts for sorts to come

    // Of the edit that is open.
    std::vector<quint32> m_touched, m_changed, m_removed;
    RowBits m_touchedBits, m_changedBits;
    quint64 m_changedColumns = 0;
    bool m_structure = false, m_editing = false;
};

} // namespace pilothouse
