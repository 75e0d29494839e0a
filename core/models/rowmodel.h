// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QHash>
#include <QList>
#include <QStringList>

#include <algorithm>
#include <functional>
#include <map>
#include <vector>

namespace pilothouse {

/// Roles every table of ours answers beside the standard ones.
enum RowRole {
    SortRole = Qt::UserRole + 1, ///< raw value of a cell: number, text or time
    KeyRole, ///< the row's key
    StateRole, ///< name of a state, for a delegate to draw as shape and colour
    AgeRole, ///< Unix ms the row was last heard of
};

/// A column as data: raw value for sorting, text for people.
template <typename Row> struct RowColumn {
    const char *id; ///< for settings and tests
    QString title;
    std::function<QVariant(const Row &)> value;
    std::function<QString(const Row &)> text; ///< empty = value as text
    bool number = false; ///< right-aligned
    bool mono = false;
};

/// A flat table that merges new lists into the old one: no resets, so selection and scroll survive.
/// Sorts and filters by an index of its own (no QSortFilterProxyModel). Main thread.
template <typename Row> class RowModel : public QAbstractTableModel {
public:
    using Column = RowColumn<Row>;
    using Filter = std::function<bool(const Row &)>;

    RowModel(std::vector<Column> columns, std::function<QString(const Row &)> key,
        QObject *parent = nullptr)
        : QAbstractTableModel(parent)
        , m_columns(std::move(columns))
        , m_key(std::move(key))
    {
    }

    /// The whole list as it is now.
    void apply(const std::vector<Row> &rows)
    {
        QHash<QString, const Row *> next;
        for (const auto &row : rows)
            next.insert(m_key(row), &row);
        for (int i = int(m_order.size()) - 1; i >= 0; --i) {
            if (!next.contains(m_key(at(i))))
                hide(i);
        }
        std::erase_if(m_rows, [&](const auto &item) { return !next.contains(item.first); });
        for (const auto &row : rows)
            put(row);
        settle();
    }

    /// One row, new or changed.
    void applyOne(const Row &row)
    {
        put(row);
        settle();
    }

    void removeKey(const QString &key)
    {
        const int visible = rowOf(key);
        if (visible >= 0)
            hide(visible);
        m_rows.erase(key);
    }

    void setFilter(Filter filter)
    {
        m_filter = std::move(filter);
        settle();
    }

    int hiddenCount() const { return int(m_rows.size()) - int(m_order.size()); }
    const Row &at(int row) const { return m_rows.at(m_order[std::size_t(row)]); }
    const Row *find(const QString &key) const
    {
        const auto found = m_rows.find(key);
        return found == m_rows.end() ? nullptr : &found->second;
    }
    int rowOf(const QString &key) const
    {
        const auto found = std::find(m_order.begin(), m_order.end(), key);
        return found == m_order.end() ? -1 : int(found - m_order.begin());
    }
    const std::vector<Column> &columns() const { return m_columns; }

    int rowCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : int(m_order.size());
    }
    int columnCount(const QModelIndex &parent = {}) const override
    {
        return parent.isValid() ? 0 : int(m_columns.size());
    }

    QVariant data(const QModelIndex &index, int role) const override
    {
        if (!checkIndex(index, CheckIndexOption::IndexIsValid))
            return {};
        const auto &row = at(index.row());
        const auto &column = m_columns[std::size_t(index.column())];
        switch (role) {
        case Qt::DisplayRole:
        case Qt::AccessibleTextRole:
            return column.text ? column.text(row) : column.value(row).toString();
        case SortRole:
            return column.value(row);
        case KeyRole:
            return m_key(row);
        case Qt::TextAlignmentRole:
            return QVariant(
                int(Qt::AlignVCenter | (column.number ? Qt::AlignRight : Qt::AlignLeft)));
        default:
            return extra(row, index.column(), role);
        }
    }

    QVariant headerData(int section, Qt::Orientation orientation, int role) const override
    {
        if (orientation != Qt::Horizontal || section < 0 || section >= int(m_columns.size()))
            return {};
        const auto &column = m_columns[std::size_t(section)];
        if (role == Qt::DisplayRole)
            return column.title;
        if (role == Qt::TextAlignmentRole)
            return QVariant(
                int(Qt::AlignVCenter | (column.number ? Qt::AlignRight : Qt::AlignLeft)));
        return {};
    }

    void sort(int column, Qt::SortOrder order) override
    {
        m_sortColumn = column;
        m_sortOrder = order;
        settle();
    }

    /// The selected rows (or all) as tab-separated text with a header line, for the clipboard.
    QString asText(const QList<int> &rows) const
    {
        QStringList lines, cells;
        for (const auto &column : m_columns)
            cells << column.title;
        lines << cells.join(QLatin1Char('\t'));
        for (const int row : rows) {
            cells.clear();
            for (int column = 0; column < columnCount(); ++column)
                cells << data(index(row, column), Qt::DisplayRole).toString();
            lines << cells.join(QLatin1Char('\t'));
        }
        return lines.join(QLatin1Char('\n'));
    }

protected:
    /// Answers StateRole, ToolTipRole ... of a cell.
    virtual QVariant extra(const Row &, int, int) const { return {}; }

private:
    void put(const Row &row)
    {
        const QString key = m_key(row);
        const auto found = m_rows.find(key);
        if (found == m_rows.end()) {
            m_rows.emplace(key, row);
            return;
        }
        if (found->second == row)
            return;
        found->second = row;
        m_changed << key;
    }

    void hide(int visible)
    {
        beginRemoveRows({}, visible, visible);
        m_order.erase(m_order.begin() + visible);
        endRemoveRows();
    }

    bool less(const QString &a, const QString &b) const
    {
        const auto &rowA = m_rows.at(a), &rowB = m_rows.at(b);
        if (m_sortColumn >= 0 && m_sortColumn < int(m_columns.size())) {
            const auto &value = m_columns[std::size_t(m_sortColumn)].value;
            const auto order = compare(value(rowA), value(rowB));
            if (order != 0)
                return m_sortOrder == Qt::AscendingOrder ? order < 0 : order > 0;
        }
        return a < b;
    }

    static int compare(const QVariant &a, const QVariant &b)
    {
        if (a.isNull() != b.isNull())
            return a.isNull() ? -1 : 1; // unknown sorts below everything
        if (a.typeId() == QMetaType::QString)
            return a.toString().compare(b.toString(), Qt::CaseInsensitive);
        const double x = a.toDouble(), y = b.toDouble();
        return x < y ? -1 : x > y ? 1 : 0;
    }

    /// Brings the visible order to what rows, filter and sort say now, by removals, moves and
    /// insertions.
    void settle()
    {
        std::vector<QString> wanted;
        wanted.reserve(m_rows.size());
        for (const auto &[key, row] : m_rows) {
            if (!m_filter || m_filter(row))
                wanted.push_back(key);
        }
        std::stable_sort(wanted.begin(), wanted.end(),
            [this](const QString &a, const QString &b) { return less(a, b); });
        QHash<QString, int> place;
        for (int i = 0; i < int(wanted.size()); ++i)
            place.insert(wanted[std::size_t(i)], i);

        for (int i = int(m_order.size()) - 1; i >= 0; --i) {
            if (!place.contains(m_order[std::size_t(i)]))
                hide(i);
        }
        const auto byPlace
            = [&](const QString &a, const QString &b) { return place[a] < place[b]; };
        if (!std::is_sorted(m_order.begin(), m_order.end(), byPlace)) {
            Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
            const auto before = m_order;
            std::sort(m_order.begin(), m_order.end(), byPlace);
            QHash<QString, int> now;
            for (int i = 0; i < int(m_order.size()); ++i)
                now.insert(m_order[std::size_t(i)], i);
            const auto persistent = persistentIndexList();
            for (const auto &old : persistent)
                changePersistentIndex(
                    old, index(now.value(before[std::size_t(old.row())]), old.column()));
            Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
        }
        for (int i = 0; i < int(wanted.size());) {
            if (i < int(m_order.size()) && m_order[std::size_t(i)] == wanted[std::size_t(i)]) {
                ++i;
                continue;
            }
            int last = i; // a run of new rows goes in at once
            while (last + 1 < int(wanted.size())
                && (i >= int(m_order.size())
                    || wanted[std::size_t(last) + 1] != m_order[std::size_t(i)]))
                ++last;
            beginInsertRows({}, i, last);
            m_order.insert(m_order.begin() + i, wanted.begin() + i, wanted.begin() + last + 1);
            endInsertRows();
            i = last + 1;
        }
        for (const auto &key : std::as_const(m_changed)) {
            const int row = place.value(key, -1);
            if (row >= 0)
                Q_EMIT dataChanged(index(row, 0), index(row, columnCount() - 1));
        }
        m_changed.clear();
    }

    std::vector<Column> m_columns;
    std::function<QString(const Row &)> m_key;
    std::map<QString, Row> m_rows;
    std::vector<QString> m_order; ///< keys of the visible rows, top to bottom
    QStringList m_changed;
    Filter m_filter;
    int m_sortColumn = -1;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
};

} // namespace pilothouse
