// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/health/alert.h"
#include "core/types/job.h"
#include "views/charts/chartmark.h"

#include <QList>

#include <vector>

namespace pilothouse {

class Services;

/// What happened on a node, as its charts mark it: jobs begin and end on all of them, alerts stand
/// on the charts of what they are about (GPUs, network, the host), by time.
std::vector<ChartMark> marksOf(
    const QList<Job> &jobs, const std::vector<Alert> &alerts, const QString &chart);

/// Those of one target that a node's charts may show, taken once for all its charts.
struct NodeEvents {
    QList<Job> jobs;
    std::vector<Alert> alerts;
};
NodeEvents eventsOf(const Services *services, const QString &target);

} // namespace pilothouse
