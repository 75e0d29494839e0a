// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engines/enginecontext.h"
#include "core/jobs/engine.h"

#include <span>

namespace pilothouse {

/// A kind of engine that is found on hosts.
struct EngineKind {
    const char *kind; ///< Engine::kind
    const char *title; ///< as shown: "Slurm"
    /// Those on the host that `host` leads to; none is an empty list, what could not be asked an
    /// error. Changes nothing there.
    Task<Result<QList<EngineContext>>> (*detect)(Context context, EngineContext host);
    std::unique_ptr<Engine> (*make)(EngineContext found);
};

/// All kinds, in the order in which they are shown.
std::span<const EngineKind *const> engineKinds();
const EngineKind *engineKind(const QString &kind); ///< null = no such kind

} // namespace pilothouse
