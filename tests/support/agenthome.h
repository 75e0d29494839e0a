// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <functional>

namespace pilothouse {

/// A user and host for the real agent: home, run folder and machine id of their own below one
/// temporary folder, put into this process's environment. Takes everything away when it goes, the
/// daemon and its jobs too.
class AgentHome {
public:
    AgentHome();
    ~AgentHome();
    AgentHome(const AgentHome &) = delete;
    AgentHome &operator=(const AgentHome &) = delete;

    QString path(const QString &name = {}) const; ///< of a file below the home
    QString runFolder() const { return m_folder.filePath(QStringLiteral("run")); }
    QString agentFolder() const { return path(QStringLiteral(".local/share/pilothouse/agent")); }
    QStringList agentFiles() const; ///< everything below agentFolder(), relative
    /// Every file of home and run folder with its size and the time it was changed.
    QStringList everything() const;
    int daemonPid() const; ///< 0 = none runs
    int killDaemon() const; ///< KILL, and waits until it is gone; its pid
    QList<int> bridges() const; ///< pids of this home's running `connect` processes

private:
    QTemporaryDir m_folder;
};

/// Runs the event loop until `holds`; false after a minute.
bool eventually(const std::function<bool()> &holds);

} // namespace pilothouse
