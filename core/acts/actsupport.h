// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Private to core/acts: what several acts share.

#include "core/acts/act.h"
#include "core/acts/services.h"
#include "core/session/link.h"
#include "core/types/target.h"

namespace pilothouse {

Result<Target> targetOf(Services &services, const ActRequest &request);
/// The open link with an agent, or what is missing.
Result<std::shared_ptr<const Link>> agentLink(Services &services, const QString &target);
/// Absent for a target that is not known, else Allowed.
Can canForTarget(Services &services, const ActRequest &request);
/// Refused unless the target is connected through its agent.
Can canWithAgent(Services &services, const ActRequest &request);
Can canAlways(Services &services, const ActRequest &request);
QString parameter(const ActRequest &request, const char *name);
/// Words quoted for a shell.
QString shellWords(const QStringList &words);

} // namespace pilothouse
