// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/engines/slurm/slurmrecord.h"

#include <QList>
#include <QStringList>

namespace pilothouse {

/// What squeue and sinfo print in a format of ours: a 15th of their JSON's bytes in a 13th of the
/// time (3,000 jobs, 22.05), and the same in all versions from 20.11 to 25.05. Names and comments
/// are the users' own and may hold any byte, so `mark`, which nobody can know beforehand, ends
/// them.
struct SlurmTextFormat {
    static SlurmTextFormat random();
    QByteArray mark;

    /// Arguments for squeue. `detailed`: also what only the page of one job shows.
    QStringList squeue(bool detailed) const;
    /// What it printed; BadReply when a record is not whole.
    Result<QList<SlurmRecord>> records(const QByteArray &text, bool detailed) const;
};

QStringList slurmNodeArguments(const QString &partition); ///< for sinfo; empty = all
Result<QList<SlurmNode>> slurmNodes(const QByteArray &text);

/// "Name   = value" lines of `scontrol show config`, "Name=value" words of `scontrol -o show
/// partition`; first one wins.
QMap<QString, QString> slurmPairs(const QByteArray &text);

} // namespace pilothouse
