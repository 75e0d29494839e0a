// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/catalog.h"

namespace pilothouse {

// A new kind is its folder, and its name here twice.
extern const EngineKind slurmKind;
static constexpr const EngineKind *all[] = {&slurmKind};

std::span<const EngineKind *const> engineKinds()
{
    return all;
}

const EngineKind *engineKind(const QString &kind)
{
    for (const EngineKind *one : all) {
        if (kind == QLatin1String(one->kind))
            return one;
    }
    return nullptr;
}

} // namespace pilothouse
