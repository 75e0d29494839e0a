// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/fleet.h"
#include "views/common/card.h"

class QPushButton;

namespace pilothouse {

class ShapeWidget;
class TextLabel;

/// The chosen GPU in one line: its state, the raw sentence why, what it does for whom, and the way
/// to its node. Hidden while none is chosen.
class DeviceBar : public Card {
    Q_OBJECT

public:
    explicit DeviceBar(QWidget *parent = nullptr);
    void show(const FleetGpu &gpu);
    using Card::show;

Q_SIGNALS:
    void openWanted(const QString &target);
    void filterWanted(const QString &filter); ///< only what belongs to the same job or person
    void alertWanted(const QString &key); ///< why it needs a look
    void closed();

private:
    ShapeWidget *m_shape;
    TextLabel *m_name, *m_verdict, *m_values;
    QPushButton *m_job, *m_person, *m_alert, *m_open;
    FleetGpu m_gpu;
};

} // namespace pilothouse
