// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/feed/targetfeed.h"

namespace pilothouse {

QString TargetFeed::targetName(const QString &id) const
{
    const auto found = status(id);
    return found ? found->target.name : id;
}

} // namespace pilothouse
