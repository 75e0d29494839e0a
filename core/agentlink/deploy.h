// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/permit.h"
#include "core/transport/transport.h"
#include "core/types/stage.h"

#include <QMap>

#include <optional>

namespace pilothouse {

/// What one look at a host (one round trip, a fixed script on stdin of /bin/sh) tells.
struct HostProbe {
    QString os, kernel, arch; ///< uname -srm
    QString shell; ///< login shell
    bool shellQuiet = true; ///< printed nothing of its own
    QString shellNoise; ///< first line of what it printed
    QString home;
    QString dataHome; ///< $XDG_DATA_HOME or ~/.local/share
    bool writable = false, executable = false; ///< of the agent's folder; noexec mounts say false
    bool untried = false; ///< nothing was written, so `executable` is not known
    qint64 freeBytes = -1;
    qint64 clockSeconds = 0; ///< the host's wall clock, Unix seconds; 0 = it did not say
    QString agentPath; ///< of this version; empty when it is not there
    bool agentDamaged = false; ///< it is there, but its SHA-256 is wrong: as good as not there
    QMap<QString, QString> present; ///< versions looked for that are there, with their SHA-256
                                    ///< (empty when the host has no sha256sum)
    QStringList installedVersions;
    QString trouble; ///< a sentence when no agent can run here
};

/// Where an agent of `version` lies on the host once it is installed.
QString installedAgentPath(const HostProbe &probe, const QString &version);

/// The agent this console would put on `arch`; nullopt when the bundle lacks it.
struct AgentBinary {
    QString version; ///< "0.1.0+<12 hex of SHA-256>"
    QString localPath;
    QString sha256; ///< hex
    qint64 size = 0;
};
std::optional<AgentBinary> agentBinaryFor(const QString &arch);

/// Pure part of probeHost: what its script printed, a login shell's noise in front of it included.
Result<HostProbe> parseProbe(const QByteArray &text);

/// The other pure part: which of the agents that are there is `binary`, and why none can run.
void chooseAgent(HostProbe &probe, const std::optional<AgentBinary> &binary);

/// Changes nothing on the host. Looks for the agents this console would put there.
/// `readOnly`: without the small program that is otherwise written, run and taken away.
Task<Result<HostProbe>> probeHost(
    Context context, std::shared_ptr<Transport> transport, bool readOnly = false);

/// Uploads under a temporary name, checks the SHA-256 there, lets the agent install itself
/// (rename, version in the path). Nothing of ours stays behind on failure. `path` of the result.
Task<Result<QString>> deployAgent(Context context, Permit permit,
    std::shared_ptr<Transport> transport, HostProbe probe, AgentBinary binary, Progress progress);

/// Stops the daemon and takes away every file of ours on the host. Conflict while jobs run there,
/// unless `endJobs`.
Task<Result<QString>> removeAgent(Context context, Permit permit,
    std::shared_ptr<Transport> transport, HostProbe probe, bool endJobs = false);

} // namespace pilothouse
