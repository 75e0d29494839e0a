// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/pages/page.h"

namespace pilothouse {

class JobList;
class PageHeader;
class SearchField;

/// Jobs of all targets.
class JobsPage : public QWidget, public Subjects {
    Q_OBJECT

public:
    explicit JobsPage(const PageContext &context);
    QList<ActRequest> selection() const override;
    void showSubject(const QString &job) override;

private:
    void launch();

    PageContext m_context;
    PageHeader *m_header;
    SearchField *m_search;
    JobList *m_list;
};

} // namespace pilothouse
