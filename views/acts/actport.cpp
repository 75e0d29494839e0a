// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/acts/actport.h"

namespace pilothouse {

std::optional<ActInfo> ActPort::find(const QString &act) const
{
    const auto all = acts();
    for (const auto &info : all) {
        if (info.id == act)
            return info;
    }
    return {};
}

} // namespace pilothouse
