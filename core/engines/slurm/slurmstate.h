// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Private to core/engines/slurm: what the parts of the engine share.

#include "core/engines/enginecontext.h"
#include "core/engines/slurm/slurmclient.h"

#include <QDateTime>
#include <QHash>
#include <QSet>

namespace pilothouse {

struct SlurmState {
    EngineContext context;
    QHash<QString, QString> natives; ///< our id -> Slurm's, as far as seen
    /// When something was sent whose answer did not come, Unix ms, by our id.
    QHash<QString, qint64> doubtful;
    QSet<QString> forgotten; ///< ids that were looked for, and may have been there once
    qint64 since = QDateTime::currentMSecsSinceEpoch(); ///< when this engine began

    Result<SlurmClient> client() const
    {
        return context.runner().map([](auto runner) { return SlurmClient(std::move(runner)); });
    }
    void remember(const QList<Job> &jobs)
    {
        for (const auto &job : jobs) {
            if (job.id.contains(u':')) // not ours
                continue;
            natives.insert(job.id, job.nativeId);
            doubtful.remove(job.id);
            forgotten.remove(job.id);
        }
    }
};

/// What an engine page shows. `user`: as the login node says.
Task<Result<EngineStatus>> readSlurmStatus(Context context, SlurmClient client);

} // namespace pilothouse
