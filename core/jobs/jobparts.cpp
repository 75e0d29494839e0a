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

QString meetingPlace(const Job &job)
{
    const QString address = variable(job, "MASTER_ADDR");
    const bool atHome = address.isEmpty() || address == QLatin1String("localhost")
        || address == QLatin1String("::1") || address.startsWith(QLatin1String("127."));
    if (atHome) // no other node can have a part in it
        return job.target + QLatin1Char('/') + job.id;
    return address + QLatin1Char(':') + variable(job, "MASTER_PORT") + QLatin1Char('/')
        + variable(job, "WORLD_SIZE");
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
    const QString place = meetingPlace(job);
    for (const Job &other : all) {
        if (other.target != job.target && meetingPlace(other) == place && overlap(job, other))
            parts << other;
    }
    std::stable_sort(parts.begin(), parts.end(), [](const Job &a, const Job &b) {
        return variable(a, "NODE_RANK").toInt() < variable(b, "NODE_RANK").toInt();
    });
    return parts;
}

} // namespace pilothouse
