// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/agentlink/agentclient.h"

namespace pilothouse {

/// What copying a folder would do, found out without changing anything. Paths are relative to the
/// folder.
struct TreePlan {
    int files = 0; ///< that would be copied, replaced ones among them
    qint64 bytes = 0; ///< of `files`
    int unchanged = 0; ///< same size, time and mode: not copied
    QStringList replaced; ///< files and links whose content would be lost
    QStringList blocked; ///< another kind of thing has that name: it stays, and is not copied over
};

/// Looks before uploadTree() does the same. Links at the top are followed.
Task<Result<TreePlan>> planUpload(
    Context context, std::shared_ptr<AgentClient> agent, QString local, QString remote);
/// Looks before downloadTree().
Task<Result<TreePlan>> planDownload(
    Context context, std::shared_ptr<AgentClient> agent, QString remote, QString local);

} // namespace pilothouse
