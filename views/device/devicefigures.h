// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/fleet.h"

#include <QWidget>

#include <optional>

namespace pilothouse {

class Figure;

/// What one GPU does now: utilisation, memory, power, temperature, clock and what holds it back.
class DeviceFigures : public QWidget {
    Q_OBJECT

public:
    /// What FleetGpu does not have; nothing = not known now.
    struct More {
        std::optional<double> memoryCelsius, clockHertz, throttleReasons;
    };

    explicit DeviceFigures(QWidget *parent = nullptr);
    void show(const FleetGpu &gpu, const More &more);
    using QWidget::show;

private:
    Figure *m_util, *m_memory, *m_power, *m_heat, *m_clock;
};

} // namespace pilothouse
