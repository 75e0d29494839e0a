// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/reply.h"
#include "core/transport/askpassserver.h"
#include "core/transport/opensshlog.h"
#include "core/transport/opensshprompts.h"

#include <QProcess>
#include <QTemporaryDir>

#include <stop_token>

namespace pilothouse {

/// The `ssh -M` that holds one connection: started, watched, its questions answered. It dies with
/// us. Main thread; shared by the transport and its running commands.
class OpenSshMaster : public QObject, public std::enable_shared_from_this<OpenSshMaster> {
    Q_OBJECT

public:
    /// The last holder may let go of it on any thread.
    static std::shared_ptr<OpenSshMaster> create(
        std::shared_ptr<ResolvedHost> host, Prompter *prompter, StageSink report);
    ~OpenSshMaster() override;

    /// `destination`: what names the host to ssh, with the options before it. Ends when logged in.
    Task<Result<>> connectMaster(Context context, QStringList destination);
    /// The arguments of `ssh` for one command line over this connection; it never makes its own.
    QStringList commandArguments(const QByteArray &line) const;
    QStringList checkArguments() const;
    bool isUp() const { return m_up && m_process.state() == QProcess::Running; }
    QString name() const { return m_name; }
    void close();

Q_SIGNALS:
    /// It ended by itself after it had been up.
    void lost(const pilothouse::Error &error);

private:
    OpenSshMaster(std::shared_ptr<ResolvedHost> host, Prompter *prompter, StageSink report);
    void retire();
    QStringList masterArguments(const QStringList &destination) const;
    void readLog();
    void ended();
    void asked(int id, const QString &kind, const QString &prompt);
    static Task<> answerPrompt(std::shared_ptr<OpenSshMaster> self, int id, SshPrompt prompt);
    Task<Result<Secret>> secretFor(SshPrompt prompt);
    Task<Result<Secret>> verdictFor(SshPrompt prompt);
    void promptEnded();

    const std::shared_ptr<ResolvedHost> m_host;
    const QString m_name;
    Prompter *m_prompter;
    OpenSshLog m_log;
    std::unique_ptr<QTemporaryDir> m_folder; // 0700: both sockets
    QString m_control; // set before any command can run
    std::unique_ptr<AskpassServer> m_askpass;
    QProcess m_process;
    QByteArray m_line;
    Reply<> m_connected;
    std::stop_source m_stop; // of the questions
    std::optional<Reply<>> m_quiet; // waits for the last question
    int m_openPrompts = 0;
    std::optional<Error> m_declined;
    QHash<QString, Secret> m_tried; // by cache key: a second question means it was wrong
    bool m_up = false, m_closed = false, m_ending = false;
};

} // namespace pilothouse
