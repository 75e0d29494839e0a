// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/agentlink/agentclient.h"

namespace pilothouse {

/// What came of copying a folder.
struct TreeCopied {
    int files = 0; ///< sent or fetched, or found to be there byte for byte
    int unchanged = 0; ///< not looked into: size and modification time (ns) were the same
    int folders = 0, links = 0;
    qint64 bytes = 0; ///< of `files`
    QStringList leftOut; ///< "path: why" of what is neither file, folder nor link
};

/// Copies a folder and everything below it. Modes and times are kept. Symbolic links are copied as
/// links, their text unchanged, never followed; sockets, pipes and devices are left out and named.
/// What is there with the same size and time is not sent again, a cut file goes on where it was
/// cut: to resume is to call it again. A file that fails does not stop the others; the error then
/// names the first ones. `progress`: bytes of files done and in all, on the main thread.
Task<Result<TreeCopied>> uploadTree(Context context, Permit permit,
    std::shared_ptr<AgentClient> agent, QString local, QString remote,
    std::function<void(qint64, qint64)> progress);
/// The same from the node. Names that would lead out of `local` are refused.
Task<Result<TreeCopied>> downloadTree(Context context, std::shared_ptr<AgentClient> agent,
    QString remote, QString local, std::function<void(qint64, qint64)> progress);

} // namespace pilothouse
