// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/peers/freeport.h"
#include "tests/peers/slurm.h"
#include "tests/peers/slurmparts.h"

#include <QFile>

namespace pilothouse {

QString Slurm::accountsMissing()
{
    for (const auto &[name, package] :
        {std::pair("mariadbd", "mariadb-server"), std::pair("mariadb-install-db", "mariadb-server"),
            std::pair("slurmdbd", "slurmdbd")}) {
        if (slurmProgram(QString::fromLatin1(name)).isEmpty())
            return QStringLiteral("no %1 here (package %2)")
                .arg(QLatin1String(name), QLatin1String(package));
    }
    return {};
}

QStringList Slurm::accountLines() const
{
    if (!m_accounts)
        return {QStringLiteral("AccountingStorageType=accounting_storage/none")};
    return {QStringLiteral("AccountingStorageType=accounting_storage/slurmdbd"),
        QStringLiteral("AccountingStorageHost=127.0.0.1"),
        QStringLiteral("AccountingStoragePort=%1").arg(m_accountsPort),
        // Easily missed: else "Protocol authentication error".
        QStringLiteral("AccountingStoragePass=") + file(QStringLiteral("munge/socket")),
        QStringLiteral("AccountingStorageTRES=gres/gpu")};
}

bool Slurm::startAccounts()
{
    const QString data = file(QStringLiteral("data"));
    QProcess install;
    install.setStandardOutputFile(QProcess::nullDevice());
    install.start(slurmProgram(QStringLiteral("mariadb-install-db")),
        {QStringLiteral("--no-defaults"), QStringLiteral("--user=root"),
            QStringLiteral("--auth-root-authentication-method=normal"),
            QStringLiteral("--skip-test-db"), QStringLiteral("--datadir=") + data});
    install.waitForFinished(60'000);
    const QString socket = file(QStringLiteral("database"));
    if (install.exitCode() != 0
        || !launch(m_database,
            {slurmProgram(QStringLiteral("mariadbd")), QStringLiteral("--no-defaults"),
                QStringLiteral("--user=root"), QStringLiteral("--datadir=") + data,
                QStringLiteral("--socket=") + socket, QStringLiteral("--bind-address=127.0.0.1"),
                QStringLiteral("--port=%1").arg(m_databasePort)})
        || !slurmEventually([&] { return portAnswers(m_databasePort); }))
        return false;
    const QString made
        = run({QStringLiteral("mariadb"), QStringLiteral("--no-defaults"), QStringLiteral("-S"),
            socket, QStringLiteral("-u"), QStringLiteral("root"), QStringLiteral("-e"),
            QStringLiteral("create user 'slurm'@'127.0.0.1' identified by 'test';"
                           "grant all on slurm_acct_db.* to 'slurm'@'127.0.0.1'")});
    QFile conf(file(QStringLiteral("slurmdbd.conf")));
    if (!made.isEmpty() || !conf.open(QFile::WriteOnly))
        return false;
    conf.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    conf.write(QStringLiteral(R"(AuthType=auth/munge
AuthInfo=socket=%1/munge/socket
DbdAddr=127.0.0.1
DbdHost=localhost
DbdPort=%2
SlurmUser=root
LogFile=%1/log/slurmdbd.log
PidFile=%1/slurmdbd.pid
StorageType=accounting_storage/mysql
StorageHost=127.0.0.1
StoragePort=%3
StorageUser=slurm
StoragePass=test
StorageLoc=slurm_acct_db
CommunicationParameters=NoInAddrAny
)")
                   .arg(m_folder.path())
                   .arg(m_accountsPort)
                   .arg(m_databasePort)
                   .toUtf8());
    conf.close();
    // It looks for its configuration beside Slurm's.
    return launch(m_accounting, {slurmProgram(QStringLiteral("slurmdbd")), QStringLiteral("-D")})
        && slurmEventually([this] {
               return !run({QStringLiteral("sacctmgr"), QStringLiteral("-i"), QStringLiteral("add"),
                               QStringLiteral("cluster"), QStringLiteral("pilot")})
                           .startsWith(u'?');
           });
}

} // namespace pilothouse
