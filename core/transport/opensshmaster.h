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

    /// `destination`: what names the host to ssh, with the options before it; which configuration
    /// is read is added here. Ends when logged in.
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
    /// A key that holds for this connection only. ssh saves whatever it accepts, so it is started
    /// anew with a known_hosts file of the session's own in front of the user's.
    struct Once {
        QString alias; ///< of the host of the chain
        QString question; ///< host as the question names it
        QString fingerprint;
        QStringList knownHosts; ///< that ssh reads for this host
    };
    /// False when ssh's configuration cannot name this host or its files.
    bool acceptOnce(const HostKeyQuestion &question);
    QString onceConfig() const { return m_folder->filePath(QStringLiteral("config")); }
    bool writeOnceConfig() const;
    void startAgain();
    QStringList masterArguments() const;
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
    const StageSink m_report;
    std::unique_ptr<OpenSshLog> m_log;
    QStringList m_destination;
    QList<Once> m_once;
    std::unique_ptr<QTemporaryDir> m_folder; // 0700: both sockets, and what is accepted once
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
    bool m_again = false; // it is being ended to be started with one more key
};

} // namespace pilothouse
