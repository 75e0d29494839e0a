// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace pilothouse {

class ActRunner;

/// Proof that protection was checked and the audit row written. Mutating methods of engines,
/// transports and back ends take one; only ActRunner makes it
/// (AgentCommands for itself, where a command changes nothing).
class Permit {
    friend class ActRunner;
    friend class AgentCommands; // core/engines: commands that only look (squeue, sinfo)
    friend class PermitForTests; // defined in tests only
    Permit() = default;
};

} // namespace pilothouse
