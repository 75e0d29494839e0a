// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/health/alert.h"
#include "core/models/rowmodel.h"

#include <QAbstractItemModel>

#include <memory>

namespace pilothouse {

/// An alert with the job that held its device when it began.
struct AlertRow {
    Alert alert;
    QString job, jobName; ///< id and name; empty = none

    bool operator==(const AlertRow &) const = default;
};

/// Which alerts a feed lists.
enum class AlertView { Open, Quiet, Ended }; ///< Quiet: acknowledged or snoozed

/// Alerts under their causes: the same rule on many devices is one group that unfolds; on one
/// device the group itself stands for it. Merges what is applied (never a reset), so selection,
/// unfolding and scroll survive. StateRole is a verdict's name. Main thread.
class AlertModel : public QAbstractItemModel {
    Q_OBJECT

public:
    enum AlertColumn { What, Where, JobColumn, Since, Lasting, Line, ColumnCount };
    enum AlertRole {
        IdsRole = AgeRole + 1, ///< QStringList: the alert's id, or those of the whole group
        CountRole, ///< alerts in the group; 1 for an alert
        SaidRole, ///< "snoozed until 14:00", "came 3 times"; empty = nothing to say
    };

    /// `clock` gives Unix ms; durations follow it when refreshAges() is called.
    explicit AlertModel(std::function<qint64()> clock, QObject *parent = nullptr);
    ~AlertModel() override;

    void apply(std::vector<AlertRow> rows); ///< all there are, of every view
    /// These rows, new or other, and without those of `gone`; the rest stays.
    void applySome(std::vector<AlertRow> rows, const QStringList &gone);
    void setView(AlertView view);
    AlertView view() const { return m_view; }
    void setText(const QString &text); ///< words in cause, place, job or line; all must match
    QString text() const { return m_text; }
    void refreshAges();

    int count(AlertView view) const; ///< without the filter
    int shownCount() const;
    int hiddenCount() const { return count(m_view) - shownCount(); } ///< by the filter
    QModelIndex indexOf(const QString &alertId) const;
    const AlertRow *find(const QString &alertId) const;
    /// Of the rows of any view: holds, worst first, newest first.
    const AlertRow *worstOf(const QString &target, const QString &device) const;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// Groups and the alerts in them; column -1: worst first, then newest.
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

private:
    struct Group {
        QString rule;
        std::vector<AlertRow> rows; ///< the first is the worst, or what the order says
        bool single = true; ///< shown without children
    };
    using Groups = std::vector<std::unique_ptr<Group>>;
    bool shows(const AlertRow &row) const;
    Groups wanted() const;
    void settle();
    void settleRows(int place, std::vector<AlertRow> rows);
    bool before(const AlertRow &a, const AlertRow &b) const;
    QVariant alertData(const AlertRow &row, int column, int role) const;
    QVariant groupData(const Group &group, int column, int role) const;
    QString said(const Alert &alert) const;

    std::function<qint64()> m_clock;
    std::vector<AlertRow> m_all;
    Groups m_groups;
    AlertView m_view = AlertView::Open;
    QString m_text;
    int m_column = -1;
    Qt::SortOrder m_order = Qt::AscendingOrder;
};

/// "10:41", "yesterday 10:41", "21 Nov 10:41".
QString momentText(qint64 unixMs, qint64 now);

} // namespace pilothouse
