// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/store.h"

#include <functional>

namespace pilothouse {

/// Limits of a store; the defaults are what the console uses.
struct StoreOptions {
    qint64 hotWindow = 2 * 3600 * qint64(1000); ///< ms kept in memory
    std::size_t hotBytes = std::size_t(256) << 20; ///< hard cap of the hot rows
    std::size_t coldBytes = std::size_t(32) << 20; ///< decoded rows from disk that are kept
    int blockRows = 4096; ///< at most; fewer when there are many series
    qint64 segmentBytes = qint64(16) << 20;
    qint64 segmentSpan = 24 * 3600 * qint64(1000); ///< ms in one segment
    qint64 journalBytes = qint64(32) << 20;
    qint64 keepTime = 30 * 24 * 3600 * qint64(1000); ///< ms
    qint64 keepBytes = qint64(2) << 30;
    bool onlyReads = false; ///< never the writer, though there is none
    std::function<qint64()> now; ///< Unix ms; unset: the system's clock
};

Result<std::unique_ptr<TelemetryStore>> openStore(const QString &folder, StoreOptions options);

} // namespace pilothouse
