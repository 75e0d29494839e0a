// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transport/resolvedhost.h"

#include <QProcess>
#include <QTemporaryDir>

namespace pilothouse {

/// A throw-away OpenSSH server on a free port of 127.0.0.1, with its own keys and configuration,
/// that lets the present user in. Nothing of the user's or the system's SSH set-up is read.
class Sshd {
public:
    /// `extra`: more lines for sshd_config; they come first, so they win.
    explicit Sshd(QStringList extra = {});
    ~Sshd();
    Sshd(const Sshd &) = delete;

    /// Why there can be none here; empty when there can.
    static QString missing();
    /// The user's name, as sshd knows it.
    static QString user();

    bool start();
    /// Ends the server and all its sessions at once.
    void kill();
    /// Ends the sessions only.
    void killSessions();
    /// SIGSTOP or SIGCONT to the sessions.
    void signalSessions(int signal);

    quint16 port() const { return m_port; }
    QString file(const QString &name) const { return m_folder.filePath(name); }
    QString clientKey() const { return file(QStringLiteral("client_key")); }
    QString knownHosts() const { return file(QStringLiteral("known_hosts")); }
    QByteArray log() const;
    /// Makes a key; `type` as for ssh-keygen.
    static bool makeKey(const QString &path, const QString &type, const QString &passphrase = {});
    /// Writes the server's key into knownHosts().
    void makeKnown();
    /// What `ssh -G` would say of it: client key, own known_hosts, StrictHostKeyChecking ask.
    std::shared_ptr<ResolvedHost> host(const QString &alias = QStringLiteral("peer")) const;

private:
    QList<qint64> sessions() const;
    QStringList m_extra;
    QTemporaryDir m_folder;
    QProcess m_process;
    quint16 m_port = 0;
};

} // namespace pilothouse
