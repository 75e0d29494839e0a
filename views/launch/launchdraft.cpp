// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/launch/launchdraft.h"

#include <QHash>

namespace pilothouse {

static QHash<QString, JobSpec> &drafts()
{
    static QHash<QString, JobSpec> all;
    return all;
}

void setLaunchDraft(const QString &target, const JobSpec &spec)
{
    drafts().insert(target, spec);
}

std::optional<JobSpec> takeLaunchDraft(const QString &target)
{
    const auto found = drafts().constFind(target);
    if (found == drafts().constEnd())
        return std::nullopt;
    const JobSpec spec = *found;
    drafts().erase(found);
    return spec;
}

} // namespace pilothouse
