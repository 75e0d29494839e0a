// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/fleet/fleettrace.h"

#include "core/models/fleetmodel.h"
#include "views/fleet/heatmap.h"

#include <QDateTime>
#include <QEvent>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace pilothouse {

FleetTrace *FleetTrace::start(HeatMap *map, FleetModel *model)
{
    return qEnvironmentVariableIsSet("PILOTHOUSE_TRACE_FLEET") ? new FleetTrace(map, model)
                                                               : nullptr;
}

FleetTrace::FleetTrace(HeatMap *map, FleetModel *model)
    : QObject(map)
    , m_map(map)
    , m_model(model)
{
    map->viewport()->installEventFilter(this);
    connect(model, &FleetModel::appliedSome, this, &FleetTrace::look);
    connect(&m_second, &QTimer::timeout, this, &FleetTrace::say);
    m_second.start(1000);
}

void FleetTrace::look(const std::vector<int> &places)
{
    for (const int place : places) {
        if (m_map->isInView(place))
            m_read = std::max(m_read, m_model->gpus()[std::size_t(place)].sampledAt);
    }
}

bool FleetTrace::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Paint) {
        if (m_painted != 0)
            m_ages.push_back(QDateTime::currentMSecsSinceEpoch() - m_painted);
        m_painted = m_read;
    }
    return QObject::eventFilter(watched, event);
}

void FleetTrace::say()
{
    std::fprintf(
        stderr, "fleet stall %lld gpus %zu ages", m_stalls.takeWorstMs(), m_model->gpus().size());
    for (const qint64 age : std::exchange(m_ages, {}))
        std::fprintf(stderr, " %lld", age);
    std::fputc('\n', stderr);
}

} // namespace pilothouse
