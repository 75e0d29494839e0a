// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/desk.h"

namespace pilothouse::ctl {

/// Hands over a job's log from its first byte; with `follow` until the job has ended. A lost link
/// is waited for and the log goes on where it stopped. Timeout when --timeout is over.
Task<Result<>> readWholeLog(Desk &desk, QString id, bool follow,
    std::function<void(quint64 offset, const QByteArray &data)> take);

/// Follows a job's log on stdout until the job has ended.
Task<Result<Job>> watchToTheEnd(Desk &desk, QString id, bool showLog);

/// Prints why a wait for a job's end broke off, and how to follow the job. Gives the exit code: 6
/// when --timeout was over, else 255, a failure of ours.
int waitFailed(const Desk &desk, Error error, const QString &id);

/// What a job leaves as a program's exit code: its own, 128 + n for signal n, 255 when it has none.
int jobExitCode(const Job &job);

/// "succeeded", "exit 3 after 2 s" ...
QString jobSummary(const Job &job);

} // namespace pilothouse::ctl
