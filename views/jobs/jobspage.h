// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/pages/page.h"

class QSplitter;
class QStackedLayout;
class QTableView;

namespace pilothouse {

class EmptyState;
class JobDetail;
class JobModel;
class PageHeader;
class SearchField;

/// Jobs of all targets: list above, the selected one below.
class JobsPage : public QWidget {
    Q_OBJECT

public:
    explicit JobsPage(const PageContext &context);

private:
    void refresh();
    void settle();
    void showSelected();
    void launch();
    QList<ActRequest> selected() const;

    PageContext m_context;
    PageHeader *m_header;
    SearchField *m_search;
    JobModel *m_model;
    QTableView *m_table;
    JobDetail *m_detail;
    QSplitter *m_splitter;
    EmptyState *m_empty;
    QStackedLayout *m_stack;
};

} // namespace pilothouse
