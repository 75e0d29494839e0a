// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/pages/page.h"

namespace pilothouse {

class JobList;
class SearchField;
class TextLabel;

/// Jobs of one target.
class TargetJobsPage : public TargetPage, public Subjects {
    Q_OBJECT

public:
    TargetJobsPage(const PageContext &context, const QString &target);
    QList<QWidget *> headerActions() override;
    QList<ActRequest> selection() const override;
    void showSubject(const QString &job) override;

private:
    PageContext m_context;
    QString m_target;
    SearchField *m_search;
    TextLabel *m_counts;
    JobList *m_list;
};

} // namespace pilothouse
