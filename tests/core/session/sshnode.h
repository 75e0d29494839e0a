// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/telemetryservice.h"
#include "core/session/workspace.h"
#include "core/telemetry/store.h"
#include "tests/peers/relay.h"
#include "tests/peers/sshd.h"
#include "tests/support/liveagent.h"

namespace pilothouse {

/// A node behind a real sshd and a relay, with the real agent: the target "ssh:peer" of a
/// workspace of its own.
class SshNode {
public:
    /// `mount`: options of a small file system as the node's home; only the server sees it.
    explicit SshNode(const QString &mount = {})
    {
        home = mount.isEmpty() ? agent.path() : sshd.file(QStringLiteral("home"));
        sshd.addConfig(
            QStringLiteral("SetEnv SHLVL=3 HOME=%1 PILOTHOUSE_AGENT_RUN=%2 "
                           "PILOTHOUSE_AGENT_HOST_ID=%3")
                .arg(home, agent.runFolder(), qEnvironmentVariable("PILOTHOUSE_AGENT_HOST_ID")));
        if (!mount.isEmpty())
            sshd.addMount(QStringLiteral("home"), mount);
    }
    ~SshNode()
    {
        if (workspace)
            session().disconnect();
    }

    AgentHome agent;
    QString home; ///< the user's, on the node
    Sshd sshd;
    Relay relay;
    std::unique_ptr<Workspace> workspace;
    std::unique_ptr<TelemetryStore> store;
    std::unique_ptr<TelemetryService> telemetry;

    /// Empty, or what does not work here.
    QString start(TransportChoice transport)
    {
        if (!sshd.start())
            return QStringLiteral("sshd does not start");
        relay.setPort(sshd.port());
        QFile key(sshd.file(QStringLiteral("host_key.pub"))), known(sshd.knownHosts());
        if (!key.open(QFile::ReadOnly) || !known.open(QFile::WriteOnly))
            return QStringLiteral("no keys");
        known.write("* " + key.readAll());
        const QString config = m_folder.filePath(QStringLiteral("ssh_config"));
        QFile file(config);
        if (!file.open(QFile::WriteOnly))
            return QStringLiteral("no configuration");
        file.write(QStringLiteral("Host peer\n HostName 127.0.0.1\n Port %1\n User %2\n"
                                  " IdentityFile %3\n IdentitiesOnly yes\n IdentityAgent none\n"
                                  " UserKnownHostsFile %4\n GlobalKnownHostsFile none\n")
                       .arg(relay.serverPort())
                       .arg(Sshd::user(), sshd.clientKey(), sshd.knownHosts())
                       .toUtf8());
        file.close();
        qputenv("PILOTHOUSE_SSH_CONFIG", QFile::encodeName(config));
        qputenv("XDG_RUNTIME_DIR", QFile::encodeName(m_folder.path()));
        auto opened = TelemetryStore::openFolder(m_folder.filePath(QStringLiteral("telemetry")));
        workspace = std::make_unique<Workspace>(
            m_folder.filePath(QStringLiteral("workspace.db")), nullptr);
        if (!opened || !workspace->load() || !workspace->target(QStringLiteral("ssh:peer")))
            return QStringLiteral("no workspace");
        store = std::move(*opened);
        auto target = *workspace->target(QStringLiteral("ssh:peer"));
        target.transport = transport;
        if (!workspace->save(target))
            return QStringLiteral("no target");
        workspace->setDeployer(&deploy);
        telemetry = std::make_unique<TelemetryService>(workspace.get(), store.get());
        return {};
    }
    /// So that the daemon is no child of a session that a test stops or kills.
    QString startDaemon() const { return connectAgent().trouble; }

    Session &session() const { return *workspace->session(QStringLiteral("ssh:peer")); }
    Result<std::shared_ptr<const Link>> open() const
    {
        return QCoro::waitFor(session().open(Context()));
    }
    std::optional<double> latest(const QString &metric) const
    {
        SeriesDescription description;
        description.key = {QStringLiteral("ssh:peer"), {}, metric};
        const auto value = store->latest(store->series(description));
        return value ? std::optional(value->value) : std::nullopt;
    }

private:
    static Task<Result<QString>> deploy(Context context, Target,
        std::shared_ptr<Transport> transport, HostProbe probe, AgentBinary binary,
        Progress progress)
    {
        auto deployed = deployAgent(context, PermitForTests::make(), std::move(transport),
            std::move(probe), std::move(binary), std::move(progress));
        co_return co_await std::move(deployed);
    }
    QTemporaryDir m_folder;
};

} // namespace pilothouse
