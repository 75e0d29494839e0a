// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace pilothouse {

enum class MarkKind { Job, Watch, Bad, Gap };

/// Something that happened at a moment or over a range (Unix ms): a job, an alert, a lost link.
struct ChartMark {
    MarkKind kind = MarkKind::Job;
    qint64 from = 0;
    std::optional<qint64> to; ///< none: a moment
    QString label; ///< "slowdown GPU 2"

    bool operator==(const ChartMark &) const = default;
};

} // namespace pilothouse
