// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/ctl/ctlpeer.h"

#include <QFile>
#include <QJsonArray>

namespace pilothouse {

// Of several SetEnv lines sshd takes the first. The agent's own folder keeps it apart from an agent
// that the user runs on this machine.
static QString environmentLine(const QTemporaryDir &home)
{
    return QStringLiteral("SetEnv SHLVL=3 HOME=%1 PILOTHOUSE_AGENT_RUN=%1/agent-run")
        .arg(home.path());
}

CtlPeer::CtlPeer(CtlHost &host)
    : m_host(host)
    , m_sshd(QStringList{environmentLine(m_home)})
{
}

CtlPeer::~CtlPeer()
{
    const auto jobs
        = m_host
              .run({QStringLiteral("jobs"), QStringLiteral("--json"), QStringLiteral("--offline")})
              .json()
              .value(QLatin1String("jobs"))
              .toArray();
    for (const auto &job : jobs) {
        if (job[QLatin1String("ended_at")].isNull()
            && job[QLatin1String("target")] == QLatin1String("peer"))
            m_host.run({QStringLiteral("cancel"), job[QLatin1String("id")].toString()});
    }
    m_host.run({QStringLiteral("agent"), QStringLiteral("remove"), QStringLiteral("peer")});
}

bool CtlPeer::start(const QByteArray &more)
{
    if (!m_sshd.start())
        return false;
    QFile config(m_host.sshConfig());
    if (!config.open(QFile::WriteOnly | QFile::Truncate))
        return false;
    config.write(QStringLiteral("Host peer\n HostName 127.0.0.1\n Port %1\n User %2\n"
                                " IdentityFile %3\n IdentitiesOnly yes\n IdentityAgent none\n"
                                " UserKnownHostsFile %4\n GlobalKnownHostsFile none\n")
                     .arg(m_sshd.port())
                     .arg(Sshd::user(), m_sshd.clientKey(), knownHosts())
                     .toUtf8()
        + more);
    return true;
}

QString CtlPeer::fingerprint() const
{
    QProcess keygen;
    keygen.start(QStringLiteral("ssh-keygen"),
        {QStringLiteral("-l"), QStringLiteral("-f"), m_sshd.file(QStringLiteral("host_key.pub"))});
    keygen.waitForFinished();
    // "256 SHA256:... comment (ED25519)"
    return QString::fromUtf8(keygen.readAllStandardOutput()).section(QLatin1Char(' '), 1, 1);
}

} // namespace pilothouse
