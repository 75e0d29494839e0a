// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/health/finding.h"
#include "core/telemetry/store.h"
#include "core/types/node.h"
#include "views/common/card.h"

namespace pilothouse {

class TextLabel;
class ShapeWidget;

/// One GPU in short: busy, memory, temperature, power against its limit. Says what it cannot know.
class GpuCard : public Card {
    Q_OBJECT

public:
    GpuCard(TelemetryStore *store, const QString &target, int place, QWidget *parent = nullptr);
    /// `findings`: what holds of this device, the worst first.
    void refresh(const Device &device, qint64 now, const QList<HealthFinding> &findings = {});

Q_SIGNALS:
    /// Clicked, or Return, while something is found on it.
    void findingWanted(const QString &uuid);
    void checkWanted(); ///< its test is asked for

protected:
    void paintEvent(QPaintEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    std::optional<double> latest(const char *metric, qint64 now) const;

    TelemetryStore *m_store;
    QString m_target, m_uuid;
    int m_place;
    ShapeWidget *m_shape;
    TextLabel *m_name, *m_busy, *m_memory, *m_power, *m_verdict;
    double m_ratio = -1;
    bool m_found = false;
};

} // namespace pilothouse
