// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/sqlite.h"
#include "core/gputest/result.h"

namespace pilothouse {

/// One test of one device, as it was stored.
struct GpuTestRun {
    qint64 id = 0;
    QString job, target, device; ///< job id, Target::id, device UUID
    QString verdict; ///< of the device: "ok" or "errors"
    qint64 time = 0; ///< Unix ms, by the node's clock
    bool simulated = false;
    GpuTestDevice result;
};

/// gputests.db: what every device could do each time it was tested. Its first test without errors
/// is its baseline until another is chosen. Owned by one thread; console and ctl may both have it
/// open.
class GpuTestStore {
public:
    static Result<GpuTestStore> openFile(const QString &file);

    bool knows(const QString &job); ///< its result, or that it has none, is stored
    /// All devices of a result at once. Again for the same job changes nothing.
    Result<> add(const GpuTestResult &result, const QString &job, const QString &target);
    /// The job ended without one.
    Result<> addWithout(const QString &job);
    /// Newest first; at most `most`.
    Result<QList<GpuTestRun>> runs(const QString &device, int most = 200);
    Result<std::optional<GpuTestRun>> baseline(const QString &device);
    Result<> setBaseline(qint64 run);
    /// UUIDs that were tested on a target.
    Result<QStringList> devices(const QString &target);

private:
    explicit GpuTestStore(sqlite::Database database)
        : m_database(std::move(database))
    {
    }
    sqlite::Database m_database;
};

} // namespace pilothouse
