// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/paths.h"
#include "core/transport/ioloop.h"
#include "core/transport/opensshconnect.h"
#include "core/transport/secretcache.h"
#include "core/transport/sshconfig.h"
#include "tests/core/transport/sshtest.h"

#include <QTemporaryDir>

namespace pilothouse {

/// A home folder with an ssh_config of a test's own, and connections by the system's ssh from it.
class OpenSshHome {
protected:
    QTemporaryDir m_home;

    // An ssh_config of our own that both ssh -G and the master read.
    void writeConfig(const QStringList &lines)
    {
        QFile file(m_home.filePath(QStringLiteral("ssh_config")));
        QVERIFY(file.open(QFile::WriteOnly | QFile::Truncate));
        file.write(lines.join(QLatin1Char('\n')).toUtf8() + '\n');
    }
    QStringList block(const QString &alias, quint16 port, const QString &key, const QString &known,
        const QStringList &more = {}) const
    {
        return QStringList{QStringLiteral("Host ") + alias, QStringLiteral("HostName 127.0.0.1"),
                   QStringLiteral("Port %1").arg(port), QStringLiteral("User ") + Sshd::user(),
                   QStringLiteral("IdentityFile ") + key, QStringLiteral("IdentitiesOnly yes"),
                   QStringLiteral("IdentityAgent none"),
                   QStringLiteral("UserKnownHostsFile ") + known,
                   QStringLiteral("GlobalKnownHostsFile none"), QStringLiteral("UpdateHostKeys no")}
        + more;
    }
    QStringList block(const Sshd &sshd, const QStringList &more = {}) const
    {
        return block(
            QStringLiteral("peer"), sshd.port(), sshd.clientKey(), sshd.knownHosts(), more);
    }
    static Target target(const QString &alias = QStringLiteral("peer"))
    {
        Target target;
        target.name = alias;
        target.id = QStringLiteral("ssh:") + alias;
        return target;
    }
    static Task<Result<Connected>> resolvedConnect(
        Context context, Target target, Prompter *prompter, StageSink sink)
    {
        auto resolving = resolveHost(context, target);
        const auto host = co_await std::move(resolving);
        if (!host)
            co_return fail(host.error());
        auto connecting = connectOpenSsh(context, target, *host, prompter, std::move(sink));
        co_return co_await std::move(connecting);
    }
    static Result<Connected> connectTo(
        const QString &alias, Prompter *prompter, Stages *stages = nullptr, Context context = {})
    {
        Stages ignored;
        return QCoro::waitFor(resolvedConnect(
            context, target(alias), prompter, (stages ? stages : &ignored)->sink()));
    }
    Result<Connected> connectPeer(
        Prompter *prompter, Stages *stages = nullptr, Context context = {})
    {
        return connectTo(QStringLiteral("peer"), prompter, stages, context);
    }

    void use()
    {
        qputenv("HOME", m_home.path().toUtf8());
        qputenv("XDG_RUNTIME_DIR", m_home.path().toUtf8());
        qputenv("PILOTHOUSE_SSH_CONFIG", m_home.filePath(QStringLiteral("ssh_config")).toUtf8());
        QVERIFY(!paths::bundled(QStringLiteral("pilothouse-askpass")).isEmpty());
    }
    static void begin()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        SecretCache::instance().clear();
    }
    /// What is still there of connections, once the loop has stopped.
    QStringList leftBehind() const
    {
        return QDir(m_home.filePath(QStringLiteral("pilothouse")))
            .entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot);
    }
};

} // namespace pilothouse
