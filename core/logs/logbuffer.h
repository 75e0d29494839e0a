// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/logs/ansitext.h"

#include <QByteArray>
#include <QString>

#include <deque>
#include <optional>
#include <vector>

namespace pilothouse {

/// A log as it arrives: bytes in, lines out. Keeps the newest `memoryLimit` bytes (the head is
/// dropped and said by firstOffset()); lines are styled when they are asked for, so a fast log
/// costs little.
class LogBuffer {
public:
    explicit LogBuffer(qsizetype memoryLimit = 256 * 1024 * 1024);

    /// Bytes that start at `offset` of the file. Known ones are ignored; after a jump ahead only
    /// what follows it is kept (firstOffset() says where it starts).
    void append(quint64 offset, QByteArray data);
    void clear();

    quint64 firstOffset() const { return m_first; } ///< of the oldest byte kept
    quint64 endOffset() const { return m_end; } ///< where the next byte belongs
    qsizetype lineCount() const { return qsizetype(m_lines.size()); }
    QByteArray rawLine(qsizetype line) const; ///< without its line feed
    StyledLine line(qsizetype line) const;

    /// Lines that hold `text` (case-insensitive, SGR sequences ignored), ascending.
    std::vector<qsizetype> matching(const QString &text) const;
    /// The first line at or after `from` that looks like an error: "error", "fatal", "traceback",
    /// "exception", "killed", "oom", "cuda error", "nccl ... timeout", "segmentation fault",
    /// "panic".
    std::optional<qsizetype> firstError(qsizetype from = 0) const;

private:
    struct Line {
        quint64 start;
        TextStyle style; ///< as the lines before left it
    };
    void dropHead();
    QByteArrayView view(qsizetype line) const;

    qsizetype m_limit;
    QByteArray m_bytes; ///< [m_first, m_end)
    quint64 m_first = 0, m_end = 0;
    std::deque<Line> m_lines;
};

} // namespace pilothouse
