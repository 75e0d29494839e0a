// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/job.h"
#include "views/pages/page.h"

class QSplitter;
class QStackedLayout;
class QTableView;

namespace pilothouse {

class EmptyState;
class JobDetail;
class JobModel;

/// Jobs of all targets or of one: list above, the selected one below. The page around it has the
/// filter's field and says the counts.
class JobList : public QWidget {
    Q_OBJECT

public:
    /// `target`: empty = all.
    JobList(const PageContext &context, QString target, QWidget *parent = nullptr);
    void setFilter(const QString &text);
    QString counts() const { return m_counts; } ///< "12 shown · 3 running"
    QList<ActRequest> selection() const;
    /// False when it is not in the list, or hidden by the filter.
    bool select(const QString &job);
    void focusTable();

Q_SIGNALS:
    void countsChanged();
    void launchWanted();
    void unfilterWanted();

private:
    void refresh();
    void settle();
    void showSelected();
    void contextMenu(const QPoint &at);
    bool ours(const Job &job) const;

    PageContext m_context;
    QString m_target, m_filter, m_counts;
    JobModel *m_model;
    QTableView *m_table;
    JobDetail *m_detail;
    QSplitter *m_splitter;
    EmptyState *m_empty;
    QStackedLayout *m_stack;
};

} // namespace pilothouse
