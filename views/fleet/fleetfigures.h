// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/fleetmodel.h"

#include <QWidget>

namespace pilothouse {

class Figure;

/// The fleet in five figures: busy, free per type, power, reserved but idle, needs a look.
class FleetFigureRow : public QWidget {
    Q_OBJECT

public:
    explicit FleetFigureRow(QWidget *parent = nullptr);
    void show(const FleetFigures &figures);
    using QWidget::show;

private:
    void showFree(const FleetFigures &figures);
    void showReserved(const FleetFigures &figures);
    void showLook(const FleetFigures &figures);
    Figure *m_busy, *m_free, *m_power, *m_reserved, *m_look;
};

/// "1 GPU", "512 GPUs".
QString gpuCountText(int count);

} // namespace pilothouse
