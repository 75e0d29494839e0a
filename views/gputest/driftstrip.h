// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QWidget>

namespace pilothouse {

/// One figure over all tests of a device, oldest on the left; a line marks the baseline. Accessible
/// name and tool tip say it in words.
class DriftStrip : public QWidget {
    Q_OBJECT

public:
    explicit DriftStrip(QWidget *parent = nullptr);
    /// NaN = not measured that time. `words`: the first, the last and how they differ.
    void show(QList<double> values, double baseline, const QString &words);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QList<double> m_values;
    double m_baseline = 0;
};

} // namespace pilothouse
