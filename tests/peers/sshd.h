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

    /// One more line for sshd_config; earlier ones win. Before start().
    void addConfig(const QString &line) { m_extra << line; }
    /// Why there can be none here; empty when there can.
    static QString missing();
    /// The user's name, as sshd knows it.
    static QString user();

    /// Why the next three cannot work here (they need root and mount namespaces); empty = they can.
    static QString noNamespace();
    /// The user's login shell, by a passwd file that only this server sees. Before start().
    bool setLoginShell(const QString &shell);
    /// Lets the user in by password, by a shadow file that only this server sees. Before start().
    bool setPassword(const QString &password);
    /// A small file system at a folder of file(); `options` as for mount: "size=64k", "noexec".
    void addMount(const QString &folder, const QString &options);

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
    QStringList m_mounts; // shell lines, run in a mount namespace of the server's own
    QTemporaryDir m_folder;
    QProcess m_process;
    quint16 m_port = 0;
};

} // namespace pilothouse
