// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/jobparts.h"

#include <algorithm>
#include <limits>

namespace pilothouse {

static QString variable(const Job &job, const char *name)
{
    return job.spec.environment.value(QLatin1String(name));
}

/// Of its own node: then no other node can have a part in it.
static bool meetsAtHome(const Job &job)
{
    const QString address = variable(job, "MASTER_ADDR");
    return address.isEmpty() || address == QLatin1String("localhost")
        || address == QLatin1String("::1") || address.startsWith(QLatin1String("127."));
}

static bool overlap(const Job &a, const Job &b)
{
    const auto end = [](const Job &job) {
        return job.endedAt != 0 ? job.endedAt : std::numeric_limits<qint64>::max();
    };
    return a.startedAt != 0 && b.startedAt != 0 && a.startedAt < end(b) && b.startedAt < end(a);
}

QList<Job> partsOf(const Job &job, const QList<Job> &all)
{
    QList<Job> parts{job};
    if (meetsAtHome(job))
        return parts;
    for (const Job &other : all) {
        const auto agree
            = [&](const char *name) { return variable(other, name) == variable(job, name); };
        if (other.target != job.target && agree("MASTER_ADDR") && agree("MASTER_PORT")
            && agree("WORLD_SIZE") && overlap(job, other))
            parts << other;
    }
    std::stable_sort(parts.begin(), parts.end(), [](const Job &a, const Job &b) {
        return variable(a, "NODE_RANK").toInt() < variable(b, "NODE_RANK").toInt();
    });
    return parts;
}

} // namespace pilothouse
