// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/pages/page.h"

class QStackedLayout;
class QTableView;

namespace pilothouse {

class EmptyState;
class PageHeader;
class SearchField;
class TargetModel;

/// All targets as a table.
class TargetsPage : public QWidget, public Subjects {
    Q_OBJECT

public:
    explicit TargetsPage(const PageContext &context);
    QList<ActRequest> selection() const override;
    void showSubject(const QString &target) override;

private:
    void refresh();
    void settle();
    void contextMenu(const QPoint &place);
    void open();

    PageContext m_context;
    PageHeader *m_header;
    SearchField *m_search;
    TargetModel *m_model;
    QTableView *m_table;
    EmptyState *m_empty;
    QStackedLayout *m_stack;
};

} // namespace pilothouse
