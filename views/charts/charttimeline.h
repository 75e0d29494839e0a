// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QSet>
#include <QStringList>
#include <QTimer>

#include <functional>
#include <optional>
#include <vector>

namespace pilothouse {

/// The one time range, cross-hair and compared devices of all charts of a window. Times are Unix
/// ms. Live: the range ends now and moves once a second. Charts draw on frame() only.
class ChartTimeline : public QObject {
    Q_OBJECT

public:
    using Clock = std::function<qint64()>;
    static constexpr qint64 shortest = 2'000, longest = 400 * 86'400'000ll;

    explicit ChartTimeline(QObject *parent = nullptr, Clock clock = {});

    qint64 from() const { return m_to - m_window; }
    qint64 to() const { return m_to; }
    qint64 window() const { return m_window; }
    bool isLive() const { return m_live; }
    std::optional<qint64> crosshair() const { return m_crosshair; }
    bool canZoomBack() const { return !m_back.empty(); }

    void setWindow(qint64 milliseconds); ///< 5 m, 15 m, 1 h, 24 h; keeps the end
    void setLive(bool live); ///< false pauses where it is
    void scrub(double windows); ///< by a share of the window; past now is live again
    void zoom(double factor, std::optional<qint64> around = {}); ///< > 1 shows more
    void zoomTo(qint64 from, qint64 to); ///< remembers the range before
    void setRange(qint64 from, qint64 to); ///< forgets those before; live when it ends now
    void zoomBack();
    void goLive();
    void setCrosshair(std::optional<qint64> time);

    /// Names of the series ("GPU 2") that are looked at alone, in all charts that have one of them;
    /// empty: all are.
    const QStringList &compared() const { return m_compared; }
    void setCompared(QStringList names);

    /// frame() comes with the next frame of the program's clock, however often it is asked for.
    void requestFrame();
    /// The clock ticks only while somebody is visible.
    void setVisible(QObject *chart, bool visible);

Q_SIGNALS:
    void frame();
    void rangeChanged();
    void liveChanged(bool live);
    void windowChanged(qint64 milliseconds);
    void crosshairChanged();
    void comparedChanged();

private:
    struct Range {
        qint64 to, window;
        bool live;
    };
    void apply(Range range);
    void tick();

    Clock m_clock;
    qint64 m_window = 15 * 60'000, m_to = 0;
    bool m_live = true;
    std::optional<qint64> m_crosshair;
    std::vector<Range> m_back;
    QSet<QObject *> m_visible;
    QTimer m_second;
    bool m_wanted = false; // a frame
    QStringList m_compared;
};

} // namespace pilothouse
