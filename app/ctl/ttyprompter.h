// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/prompter.h"

namespace pilothouse::ctl {

/// Asks on /dev/tty, and only if there is one: without it nothing is asked. Secrets are read with
/// the echo off. A key that `hostKey` names is accepted without a question.
class TtyPrompter : public Prompter {
public:
    /// `hostKey`: "SHA256:..." or empty. `quiet`: never ask, as if there were no terminal.
    void setHostKey(const QString &fingerprint) { m_hostKey = fingerprint; }
    void setQuiet(bool quiet) { m_quiet = quiet; }

    Task<Result<HostKeyAnswer>> askHostKey(Context context, HostKeyQuestion question) override;
    Task<Result<QList<Secret>>> askSecrets(Context context, SecretQuestion question) override;
    /// One visible line; Denied when nobody can be asked.
    Task<Result<QString>> askLine(Context context, QString prompt);

private:
    QString m_hostKey;
    bool m_quiet = false;
};

} // namespace pilothouse::ctl
