// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/stallwatch.h"

#include <QTimer>

#include <vector>

namespace pilothouse {

class FleetModel;
class HeatMap;

/// For benchmarks (PILOTHOUSE_TRACE_FLEET is set): each second a line on standard error with the
/// worst stall of the main thread, the paints of the map, and how old the newest sample of the
/// cells in view was each time just before they were painted anew, which is when it is oldest; in
/// ms.
class FleetTrace : public QObject {
    Q_OBJECT

public:
    /// Null unless it is asked for.
    static FleetTrace *start(HeatMap *map, FleetModel *model);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    FleetTrace(HeatMap *map, FleetModel *model);
    void look(const std::vector<int> &places);
    void say();

    HeatMap *m_map;
    FleetModel *m_model;
    StallWatch m_stalls;
    QTimer m_second;
    qint64 m_read = 0; ///< time of the newest sample in view that the model has, Unix ms
    qint64 m_painted = 0; ///< the same as it was when the map was painted last
    std::vector<qint64> m_ages;
};

} // namespace pilothouse
