// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"
#include "core/transport/resolvedhost.h"
#include "core/types/target.h"

#include <QStringList>

namespace pilothouse {

/// The one file that is read in place of the user's and the system's, absolute:
/// $PILOTHOUSE_SSH_CONFIG. Empty when there is none.
QString namedSshConfig();
/// The file whose aliases are listed: that one, or ~/.ssh/config.
QString userSshConfig();

struct AliasList {
    QStringList aliases; ///< concrete Host words (no wildcard, no negation), file order, each once
    QStringList filesRead; ///< with Includes, for watching
    QStringList problems; ///< "~/.ssh/config line 14: Include nests deeper than 16"
};

/// Lists aliases by reading the files only: nothing is executed, nothing contacted. Includes are
/// followed as OpenSSH does (16 deep, globs, relative to ~/.ssh). Never throws on hostile files.
AliasList listSshAliases(const QString &configFile);

/// Runs `ssh -G` (which executes Match exec: call it on connect and edit only) for the target and
/// for each hop of its ProxyJump chain, and reduces the answers. Cached by the mtimes of all files
/// read.
Task<Result<std::shared_ptr<ResolvedHost>>> resolveHost(Context context, Target target);

/// Pure part: what `ssh -G` printed, mapped. `jumps` stays empty; proxyjump's text comes back
/// apart.
struct ParsedSshG {
    ResolvedHost host;
    QString proxyJump; ///< "none" and empty are empty
    QStringList certificateFiles; ///< as configured, expanded; need not exist
};
Result<ParsedSshG> parseSshG(const QString &alias, const QByteArray &text);

} // namespace pilothouse
