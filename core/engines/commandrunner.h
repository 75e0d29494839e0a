// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/agentlink/agentclient.h"
#include "core/transport/transport.h"

#include <memory>

namespace pilothouse {

/// Runs an engine's own programs where they are: argv, never a shell line. Main thread. A non-zero
/// exit is a value; Unreachable, Timeout and Cancelled leave open how far the command got;
/// NotFound: there is no such program.
class CommandRunner {
public:
    virtual ~CommandRunner() = default;
    /// A command that changes nothing (squeue, kubectl get). Times are asked for in UTC by those
    /// who call: `environment` comes on top of the user's.
    virtual Task<Result<Output>> look(
        Context context, QStringList argv, QMap<QString, QString> environment, QByteArray input)
        = 0;
    /// Gets the user's own environment, since a job inherits it.
    virtual Task<Result<Output>> change(
        Context context, Permit permit, QStringList argv, QByteArray input)
        = 0;
};

/// On the host of an agent. `environment` goes to every command: what it takes to find the
/// programs and their configuration (PATH, SLURM_CONF).
class AgentCommands : public CommandRunner {
public:
    AgentCommands(std::shared_ptr<AgentClient> agent, QMap<QString, QString> environment);
    Task<Result<Output>> look(Context context, QStringList argv, QMap<QString, QString> environment,
        QByteArray input) override;
    Task<Result<Output>> change(
        Context context, Permit permit, QStringList argv, QByteArray input) override;

private:
    std::shared_ptr<AgentClient> m_agent;
    QMap<QString, QString> m_environment;
};

} // namespace pilothouse
