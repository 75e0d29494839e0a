// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <deque>

namespace pilothouse {

/// The last seconds of one GPU, several samples each: load as an area from 0 to 100 %, power as a
/// line up to its limit. Gaps stay gaps. Accessible name and tool tip say the newest in words.
class FastStrip : public QWidget {
    Q_OBJECT

public:
    static constexpr qint64 shownNs = 30'000'000'000;

    explicit FastStrip(QWidget *parent = nullptr);
    void setName(const QString &name, double powerLimitWatts);
    /// NaN = not known then.
    void add(qint64 wallNs, double busyRatio, double watts);
    void moveTo(qint64 wallNs); ///< the right edge
    std::size_t samples() const { return m_samples.size(); }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    struct Sample {
        qint64 wallNs;
        double busyRatio, watts;
    };
    void paintCurve(QPainter &painter, const QRectF &area, double Sample::*value, double top,
        const QColor &color, bool filled) const;

    QString m_name;
    double m_limit = 0;
    std::deque<Sample> m_samples;
    qint64 m_right = 0;
};

} // namespace pilothouse
