// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/session.h"
#include "core/types/target.h"

namespace pilothouse {

class WorkspacePrivate;

/// All targets and their sessions: "This machine", every concrete Host alias of ~/.ssh/config
/// (Includes followed, nothing contacted), and those added here. Persists in workspace.db.
class Workspace : public QObject {
    Q_OBJECT

public:
    /// `database`: path of workspace.db. Prompter must outlive the workspace.
    Workspace(const QString &database, Prompter *prompter, QObject *parent = nullptr);
    ~Workspace() override;

    /// These and no others, for a demo: neither this machine nor an alias. Before load().
    void setTargets(const QList<Target> &targets);
    Result<> load(); ///< stored targets first, then the aliases of ssh_config merged in
    void reloadSshConfig();

    QList<Target> targets() const;
    std::optional<Target> target(const QString &idOrName) const;
    Result<> save(const Target &target); ///< adds or changes
    Result<> remove(const QString &id); ///< only SshManual targets; others Refused with the reason
    Session *session(const QString &id); ///< made on first use; null when unknown
    Session *opened(const QString &id) const; ///< null when it has not been made
    /// What another process has stored since (protection among it) is looked for once a second;
    /// this looks at once.
    void takeChanges();
    QStringList openedSessions() const; ///< ids of the targets that have one
    /// How sessions put the agent on a host: core/acts sets the act "agent.deploy" here, so that
    /// protection is checked and an audit row written. Without one, a host that lacks the agent
    /// gets a link without it, and `Link::without` says so. Holds for present and later sessions.
    void setDeployer(Deployer deployer);
    /// How sessions get their transports, for tests; connectTransport() by itself.
    void setConnector(Connector connector);
    QStringList configProblems() const; ///< of the ssh_config files, one sentence each

    /// Small last-known values by key ("node:ssh:x" ...), JSON text, with the time they were
    /// stored.
    void remember(const QString &key, const QByteArray &json);
    std::optional<std::pair<QByteArray, qint64>> remembered(const QString &key) const;

Q_SIGNALS:
    void targetsChanged();
    void sessionChanged(const QString &id); ///< state or link
    void stagesChanged(const QString &id); ///< of its session, a test's too

private:
    std::unique_ptr<WorkspacePrivate> d;
};

} // namespace pilothouse
