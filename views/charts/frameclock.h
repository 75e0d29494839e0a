// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

namespace pilothouse {

/// The one frame clock of all charts of the program: everything that was asked for since the last
/// frame is drawn in the same turn of the event loop. It stands still while nobody asks.
class FrameClock : public QObject {
    Q_OBJECT

public:
    static FrameClock &instance();

    void request(); ///< frame() comes once within 16 ms, however often it is asked for

Q_SIGNALS:
    void frame();

private:
    FrameClock();
    QTimer m_timer;
};

} // namespace pilothouse
