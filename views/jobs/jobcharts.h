// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/job.h"
#include "views/node/nodecharts.h"
#include "views/pages/page.h"

namespace pilothouse {

class ChartGrid;
class ChartTimeline;
class TextLabel;

/// The charts of a job over its lifetime: a curve for each rank's GPU on whatever node, and its
/// nodes' CPU and memory, with what happened to them. Other GPUs of its nodes are not in there.
class JobCharts : public QWidget {
    Q_OBJECT

public:
    explicit JobCharts(const PageContext &context, QWidget *parent = nullptr);
    void setJob(const Job &job); ///< also when it changed
    void moveOn(); ///< time went on

private:
    QList<ChartSubject> subjects() const;
    void moveTimeline(bool other);
    void placeCharts();
    void markCharts();

    PageContext m_context;
    QList<Job> m_parts; ///< by rank
    Job m_job;
    ChartTimeline *m_timeline;
    TextLabel *m_none = nullptr; ///< why there are no charts
    ChartGrid *m_charts = nullptr; ///< null without a store
};

} // namespace pilothouse
