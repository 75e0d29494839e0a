// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <chrono>
#include <optional>

namespace pilothouse {

/// The one formatter of values for people. `unit` is a metric's base unit as in its name's suffix:
/// "bytes", "bytes_per_second", "per_second", "watts", "celsius", "ratio", "seconds", "hertz",
/// "joules" (shown in J, Wh or kWh), "" (a count).
/// Memory is shown in GiB (binary), disk and network decimal (`binary` chooses). Unknown is "–".
QString formatValue(std::optional<double> value, const QString &unit, bool binary = true);

/// "412 ms", "3.1 s", "2 min 5 s", "3 h 12 min", "41 d".
QString formatDuration(std::chrono::milliseconds duration);

/// Age for a status text: "now", "4 s", "3 min", "2 h", "5 d".
QString formatAge(std::chrono::milliseconds age);

/// 9.4 MB (decimal) or 9.0 MiB (binary).
QString formatBytes(double bytes, bool binary);

/// UTC RFC 3339 with milliseconds, as `--json` prints times. Empty for 0.
QString rfc3339(qint64 unixMilliseconds);

} // namespace pilothouse
