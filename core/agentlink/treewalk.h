// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Private to core/agentlink: what copying a folder and looking before it is copied share.

#include "core/agentlink/treecopy.h"

#include <QHash>

namespace pilothouse {

inline constexpr std::size_t filesAtOnce = 8;

/// `path` is relative to `root`.
QString pathBelow(const QString &root, const QString &path);

/// One copy on its way. Its tasks share it, and it outlives them.
struct CopyTree {
    Context context;
    std::shared_ptr<AgentClient> agent;
    QString from, to;
    std::function<void(qint64, qint64)> progress;
    QList<FileInfo> folders, files, links; ///< paths relative; folders parents first, root is ""
    TreeCopied copied;
    qint64 done = 0, total = 0;
    QStringList failures; ///< "path: why"
    std::optional<Error> first; ///< of the failures
    std::optional<Error> fatal; ///< nothing more is begun

    void sort(const FileInfo &info);
    void failed(const QString &path, const Error &error);
    void refused(const QString &path, const QString &why);
    /// Splits the files by what is there already; the unchanged ones are done.
    void skipUnchanged(const QHash<QString, FileInfo> &there);
    Result<TreeCopied> result() const;
};
using TreePointer = std::shared_ptr<CopyTree>;

/// It need not be looked into: size, modification time and mode are the same.
bool isUnchanged(const FileInfo &file, const FileInfo &there);
/// Fills the tree with everything below `from` on the node, level by level.
Task<> walkRemote(TreePointer tree);
/// What is at the places of these entries below `to`, by their relative path.
Task<Result<QHash<QString, FileInfo>>> remoteInfos(TreePointer tree, QList<FileInfo> entries);
Task<QHash<QString, FileInfo>> localInfos(TreePointer tree, QList<FileInfo> entries);

} // namespace pilothouse
