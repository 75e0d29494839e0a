// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/fleet.h"
#include "views/common/card.h"

namespace pilothouse {

class TextLabel;
class ShapeWidget;

/// One GPU in short: busy, memory, temperature, power against its limit. Says what it cannot know.
class GpuCard : public Card {
    Q_OBJECT

public:
    /// `place` on its page gives it the colour of its curves.
    explicit GpuCard(int place, QWidget *parent = nullptr);
    /// `findings`: what holds of this device, the worst first.
    void show(const FleetGpu &gpu, const QList<HealthFinding> &findings = {});
    using Card::show;

Q_SIGNALS:
    /// Clicked, or Return, while something is found on it; else deviceWanted.
    void findingWanted(const QString &uuid);
    void deviceWanted(const QString &uuid);
    void checkWanted(); ///< its test is asked for

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void open();
    void showValues(const FleetGpu &gpu);
    QString showState(const FleetGpu &gpu, HealthVerdict verdict);

    QString m_uuid;
    int m_place;
    ShapeWidget *m_shape;
    TextLabel *m_name, *m_busy, *m_memory, *m_power, *m_verdict;
    double m_ratio = -1;
    bool m_found = false;
};

} // namespace pilothouse
