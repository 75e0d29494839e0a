// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace pilothouse {

/// A jump of a clock is believed when it stays: batches that waited while we did not run all
/// differ, a clock that was set keeps its distance.
class ClockStep {
public:
    /// True when `value` is more than 2 s from `current` for the third time in a row, each within
    /// 0.5 s of the one before. Nanoseconds.
    bool take(qint64 value, qint64 current);

private:
    qint64 m_candidate = 0;
    int m_seen = 0;
};

/// How far a node's wall clock is from ours. Held by a link for all that read times of its node.
/// Main thread.
class NodeClock {
public:
    /// The node said `nodeNs` (Unix ns) when our clock stood at `ourNs`, give or take `unsureNs`:
    /// half the round trip, and half of what its answer was rounded to. The surest answer counts.
    void measure(qint64 nodeNs, qint64 ourNs, qint64 unsureNs);
    /// The same from a stream, which says nothing of its delay: only a jump that stays counts.
    /// True when the offset has just become another.
    bool follow(qint64 nodeNs, qint64 ourNs);

    bool known() const { return m_unsureNs.has_value(); }
    qint64 offsetNs() const { return m_offsetNs; } ///< node minus ours; 0 while it is not known
    /// A time of the node (Unix ms) by our clock; 0, which is no time, stays 0.
    qint64 ourTime(qint64 nodeMs) const
    {
        return nodeMs == 0 ? 0 : nodeMs - m_offsetNs / 1'000'000;
    }
    /// Node minus ours in ms when it is beyond doubt more than 2 s.
    std::optional<qint64> skewMs() const;

private:
    qint64 m_offsetNs = 0;
    std::optional<qint64> m_unsureNs; ///< of the offset; none before the first answer
    ClockStep m_step;
};

/// "4.2 s ahead of this machine", and over 2 s a sentence of what that means. Milliseconds, node
/// minus ours.
QString skewText(qint64 skewMs);
/// For a badge: "clock 4.2 s ahead".
QString skewWord(qint64 skewMs);
/// The whole sentence for a page or a terminal: "The clock of NAME is 4.2 s ahead of ...".
QString skewSentence(const QString &name, qint64 skewMs);

} // namespace pilothouse
