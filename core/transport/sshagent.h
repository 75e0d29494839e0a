// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"

#include <QByteArray>
#include <QList>
#include <QString>

namespace pilothouse {

/// A key that an ssh-agent holds.
struct AgentKey {
    QByteArray blob; ///< public key as the wire has it
    QString comment;
};

/// Sends one request to the agent at `socket` and gives its answer (both without the length).
/// Never blocks: an agent may wait for a finger on a token. A socket that belongs to
/// another user is Denied.
Task<Result<QByteArray>> askAgent(Context context, QString socket, QByteArray request);

/// The agent's keys.
Task<Result<QList<AgentKey>>> agentKeys(Context context, QString socket);

/// Pure: an SSH2_AGENT_IDENTITIES_ANSWER. BadReply when it is something else.
Result<QList<AgentKey>> parseAgentKeys(const QByteArray &answer);
/// Pure: such an answer with just this key in it.
QByteArray agentAnswerWith(const AgentKey &key);
/// Pure: `payload` with its length before it, as agents talk.
QByteArray agentFrame(const QByteArray &payload);

/// Message numbers of draft-miller-ssh-agent that others compare with.
enum AgentMessage : uchar {
    AgentFailure = 5,
    AgentListKeys = 11,
    AgentKeys = 12,
    AgentSign = 13,
    AgentSigned = 14
};

} // namespace pilothouse
