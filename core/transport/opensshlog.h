// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transport/resolvedhost.h"
#include "core/transport/stageclock.h"

namespace pilothouse {

/// Reads what `ssh -v` says on standard error, reports the stages it shows, and knows in the end
/// what went wrong. With jump hosts the programs of the chain write into the same stream, one
/// after the other; each counts as one JumpHost line.
class OpenSshLog {
public:
    OpenSshLog(std::shared_ptr<ResolvedHost> host, StageSink report);
    void line(const QString &text);
    /// A key that is about to be shown, and is not kept.
    void acceptedOnce(const QString &fingerprint) { m_once << fingerprint; }
    /// Logged in everywhere, and serving.
    bool isReady() const { return m_ready; }
    /// A changed or revoked key was shown: ssh may go on with that, we do not.
    bool mustStop() const { return m_badKey && (!m_offending.isEmpty() || m_revoked); }
    /// The host of the chain that ssh is busy with.
    const ResolvedHost &current() const;
    /// Ends the running stage with what the text so far means; `own` replaces that.
    Error failed(const std::optional<Error> &own = {});
    /// The authentication line says something meanwhile.
    void notice(const QString &text);
    /// Raw lines that are no debugging, the last 4 KB.
    QString complaints() const { return m_complaints; }

private:
    bool inHop() const { return m_index < m_chain.size() - 1; }
    void begin(Stage stage);
    void done(const QString &result);
    void progress(const QString &text);
    void authenticated(const QString &method);
    void complaint(const QString &text);
    Error meaning() const;
    Error badKey() const;
    const QList<std::shared_ptr<ResolvedHost>> m_chain; // jumps, then the target
    const StageSink m_report;
    qsizetype m_index = 0;
    Stage m_stage = Stage::Tcp;
    std::unique_ptr<StageClock> m_clock;
    QStringList m_once;
    QString m_address, m_noise, m_key, m_methods, m_complaints, m_offending;
    bool m_known = false, m_badKey = false, m_revoked = false, m_ready = false;
};

} // namespace pilothouse
