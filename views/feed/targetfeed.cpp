// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/feed/targetfeed.h"

#include <algorithm>

namespace pilothouse {

QString TargetFeed::targetName(const QString &id) const
{
    const auto found = status(id);
    return found ? found->target.name : id;
}

bool TargetFeed::simulated() const
{
    const auto all = targets();
    return std::any_of(all.begin(), all.end(),
        [](const TargetStatus &one) { return one.target.kind == TargetKind::Simulated; });
}

} // namespace pilothouse
