// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/store.h"

#include <QStyledItemDelegate>

namespace pilothouse {

/// Cells of the fleet's table: the state's shape before a device, a sparkline for its trend.
class FleetDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    /// A device's utilisation as `columns` slices of the shown time range; empty = nothing stored.
    using Trend = std::function<Curve(const QString &target, const QString &uuid, int columns)>;
    using QStyledItemDelegate::QStyledItemDelegate;
    void setTrend(Trend trend) { m_trend = std::move(trend); }
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
        const QModelIndex &index) const override;

private:
    void paintTrend(
        QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const;
    Trend m_trend;
};

} // namespace pilothouse
