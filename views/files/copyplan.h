// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"

#include <QList>
#include <QStringList>

#include <memory>

namespace pilothouse {

struct Link;

/// One thing to copy. Both are the paths of the thing itself, not of the folder it goes into.
struct CopyItem {
    QString local, remote;
    bool folder = false;
    bool link = false; ///< of the node: what it leads to is copied, which may be a folder
};

/// What copying would do, found out without changing anything.
struct CopyPlan {
    QList<CopyItem> items; ///< without those whose very place is taken by another kind of thing
    bool intoFolder = false; ///< one of them is a folder that is there already
    QStringList replaced; ///< "notes.txt", "runs/a/log.txt": what is there would be lost
    QStringList blocked; ///< another kind of thing has that name: it stays
    int files = 0, unchanged = 0; ///< in folders that are there already
    qint64 bytes = 0; ///< of `files`
    /// Something would be lost or left out, so a person is asked first.
    bool asks() const { return !replaced.isEmpty() || !blocked.isEmpty(); }
};

/// Looks at both sides. Costs a question to the node for each folder that is there already.
Task<Result<CopyPlan>> planCopies(
    Context context, std::shared_ptr<const Link> link, QList<CopyItem> items, bool upload);

/// For a person: what is replaced, what is left alone, what is the same. `where`: the folder.
QString planSentences(const CopyPlan &plan, const QString &where);

} // namespace pilothouse
