// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/store.h"

#include <QColor>
#include <QRectF>

class QPainter;

namespace pilothouse {

/// A curve without axes for table cells and gauges, scaled to `low`..`high`, or to itself when they
/// are equal. The curve should have as many columns as `area` has device pixels.
void drawSparkline(QPainter *painter, const QRectF &area, const Curve &curve, const QColor &color,
    double low = 0, double high = 0);

} // namespace pilothouse
