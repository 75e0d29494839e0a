// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>

namespace pilothouse::ctl {

class Desk;

/// One line on stderr that says how far a copy is, twice a second, as long as this lives; only on a
/// terminal and without --json. It is wiped out in the end.
class CopyLine {
public:
    explicit CopyLine(Desk &desk);
    ~CopyLine();
    CopyLine(const CopyLine &) = delete;

private:
    void show(qint64 done, qint64 total);
    QObject m_receiver;
    QElapsedTimer m_clock;
    qint64 m_first = -1, m_shownAt = -1000; ///< bytes that were there; milliseconds
    bool m_shown = false;
};

} // namespace pilothouse::ctl
