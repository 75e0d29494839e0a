// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/engines/slurm/slurmrecord.h"

#include <QList>
#include <QStringList>

namespace pilothouse {

/// Arguments for sacct: own jobs that were there since a time (Unix seconds). The comment is not
/// always kept; the line that submitted a job is (from 21.08 on), and our id stands in it.
/// `mark` stands between fields: random, as in SlurmTextFormat.
QStringList slurmAccountingArguments(qint64 since, const QByteArray &mark);
/// What it printed. `comment` is "ph:ID" where our id was found.
Result<QList<SlurmRecord>> slurmAccountingRecords(const QByteArray &text, const QByteArray &mark);

} // namespace pilothouse
