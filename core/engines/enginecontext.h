// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engines/commandrunner.h"
#include "core/session/link.h"

#include <QPointer>

namespace pilothouse {

/// What an engine on a host is made from: where it is, how to reach it, what finds its programs.
struct EngineContext {
    QString target; ///< Target::id
    QString name; ///< as shown: the cluster's name
    QPointer<LinkSource> links; ///< of the target
    QMap<QString, QString> environment; ///< for its programs: PATH, SLURM_CONF
    /// How commands get there; empty = by the agent of the current link.
    std::function<std::shared_ptr<CommandRunner>()> commands;

    /// Null when the target is not connected or has no agent.
    std::shared_ptr<AgentClient> agent() const;
    /// The same for commands; Unreachable with a sentence.
    Result<std::shared_ptr<CommandRunner>> runner() const;
};

} // namespace pilothouse
