// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/agentlink/agentclient.h"
#include "core/transport/transport.h"

namespace pilothouse {

/// Makes a client on a descriptor whose other end is an agent's `connect` bridge, after its magic
/// line was seen. Keepalive: 15 s of silence both ways is "lost".
std::unique_ptr<AgentClient> makeAgentClient(Descriptor socket);

/// Reads and drops what a login shell printed before the agent's magic line (at most 64 KB, 10 s).
/// Runs off the main thread. BadReply with the noise as cause when it never comes.
Task<Result<>> awaitMagic(Context context, int fd);

/// Ends the gRPC threads; called once by the composition root.
void stopAgentThreads();

} // namespace pilothouse
