// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/fleet.h"
#include "views/common/card.h"

class QPushButton;

namespace pilothouse {

class ShapeWidget;
class TextLabel;

/// The chosen GPU: its state, in a line of its own the whole raw sentence why it needs a look, what
/// it does for whom, and the ways to its page, job and alert. Hidden while none is chosen.
class DeviceBar : public Card {
    Q_OBJECT

public:
    explicit DeviceBar(QWidget *parent = nullptr);
    void show(const FleetGpu &gpu);
    using Card::show;

Q_SIGNALS:
    void deviceWanted(const QString &key);
    void jobWanted(const QString &job);
    void filterWanted(const QString &filter); ///< only what belongs to the same person
    void alertWanted(const QString &key); ///< why it needs a look
    void closed();

private:
    ShapeWidget *m_shape;
    TextLabel *m_name, *m_verdict, *m_values, *m_raw;
    QPushButton *m_job, *m_person, *m_alert;
    FleetGpu m_gpu;
};

} // namespace pilothouse
