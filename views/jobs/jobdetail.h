// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/job.h"
#include "views/pages/page.h"

class QPushButton;
class QStackedWidget;

namespace pilothouse {

class AgentStream;
class JobCharts;
class LogView;
class SearchField;
class SegmentedControl;
class ShapeWidget;
class TextLabel;

/// One job: how it stands, its log as it comes, and its node's charts over its lifetime.
class JobDetail : public QWidget {
    Q_OBJECT

public:
    explicit JobDetail(const PageContext &context, QWidget *parent = nullptr);
    ~JobDetail() override;
    void setJob(const Job &job);
    void refreshFacts(); ///< what grows with time
    QString jobId() const { return m_job.id; }

private:
    void startLog();
    void logEnded(bool complete, const std::optional<Error> &error);
    void editAndRun();
    void applyLogColors();

    PageContext m_context;
    Job m_job;
    ShapeWidget *m_shape;
    TextLabel *m_title, *m_facts, *m_command, *m_logNote;
    SegmentedControl *m_tabs;
    QStackedWidget *m_stack;
    SearchField *m_filter;
    QPushButton *m_follow;
    LogView *m_log;
    JobCharts *m_charts;
    std::unique_ptr<AgentStream> m_stream;
    bool m_logComplete = false;
};

} // namespace pilothouse
