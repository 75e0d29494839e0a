// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/peers/sshd.h"

#include "tests/peers/freeport.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QStandardPaths>
#include <QThread>

#include <csignal>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace pilothouse {

static QString program()
{
    return QStandardPaths::findExecutable(QStringLiteral("sshd"),
        {QStringLiteral("/usr/sbin"), QStringLiteral("/usr/local/sbin"),
            QStringLiteral("/usr/bin")});
}

Sshd::Sshd(QStringList extra)
    : m_extra(std::move(extra))
{
}

Sshd::~Sshd()
{
    kill();
}

QString Sshd::missing()
{
    if (program().isEmpty())
        return QStringLiteral("no sshd here (openssh-server)");
    // The folder sshd changes into before it trusts a peer; packages make it at boot only.
    if (geteuid() == 0)
        QDir().mkpath(QStringLiteral("/run/sshd"));
    return {};
}

QString Sshd::user()
{
    const passwd *entry = getpwuid(geteuid());
    return QString::fromLocal8Bit(entry ? entry->pw_name : "");
}

bool Sshd::makeKey(const QString &path, const QString &type, const QString &passphrase)
{
    return QProcess::execute(QStringLiteral("ssh-keygen"),
               {QStringLiteral("-q"), QStringLiteral("-t"), type, QStringLiteral("-N"), passphrase,
                   QStringLiteral("-C"), QStringLiteral("test"), QStringLiteral("-f"), path})
        == 0;
}

QString Sshd::noNamespace()
{
    if (geteuid() != 0)
        return QStringLiteral("only root can give a server its own view of the system");
    const bool works = QProcess::execute(QStringLiteral("unshare"),
                           {QStringLiteral("-m"), QStringLiteral("true")})
        == 0;
    return works ? QString() : QStringLiteral("no mount namespaces here");
}

// A copy of an /etc file with one field of the user's line replaced, bound over the real one.
static QString replacement(
    const QString &etc, const QString &copy, qsizetype field, const QString &value)
{
    QFile in(etc), out(copy);
    if (!in.open(QFile::ReadOnly) || !out.open(QFile::WriteOnly))
        return {};
    const bool secret = etc.endsWith(QLatin1String("shadow"));
    out.setPermissions(
        QFile::ReadOwner | QFile::WriteOwner | (secret ? QFile::Permission() : QFile::ReadOther));
    for (const QByteArray &line : in.readAll().split('\n')) {
        QStringList fields = QString::fromUtf8(line).split(QLatin1Char(':'));
        if (fields[0] == Sshd::user() && fields.size() > field)
            fields[field] = value;
        if (!line.isEmpty())
            out.write(fields.join(QLatin1Char(':')).toUtf8() + '\n');
    }
    return QStringLiteral("mount --bind '%1' %2").arg(copy, etc);
}

bool Sshd::setLoginShell(const QString &shell)
{
    const QString line
        = replacement(QStringLiteral("/etc/passwd"), file(QStringLiteral("passwd")), 6, shell);
    m_mounts << line;
    return !line.isEmpty();
}

bool Sshd::setPassword(const QString &password)
{
    QProcess hash;
    hash.start(QStringLiteral("openssl"),
        {QStringLiteral("passwd"), QStringLiteral("-6"), QStringLiteral("-stdin")});
    hash.write(password.toUtf8() + '\n');
    hash.closeWriteChannel();
    hash.waitForFinished();
    const QString line = replacement(QStringLiteral("/etc/shadow"), file(QStringLiteral("shadow")),
        1, QString::fromUtf8(hash.readAll()).trimmed());
    m_mounts << line;
    m_extra.prepend(QStringLiteral("PasswordAuthentication yes"));
    return !line.isEmpty() && hash.exitCode() == 0;
}

void Sshd::addMount(const QString &folder, const QString &options)
{
    QDir().mkpath(file(folder));
    m_mounts << QStringLiteral("mount -t tmpfs -o '%1' tmpfs '%2'").arg(options, file(folder));
}

bool Sshd::start()
{
    const QString hostKey = file(QStringLiteral("host_key"));
    if (!QFile::exists(hostKey)
        && (!makeKey(hostKey, QStringLiteral("ed25519"))
            || !makeKey(clientKey(), QStringLiteral("ed25519"))
            || !QFile::copy(
                clientKey() + QStringLiteral(".pub"), file(QStringLiteral("authorized_keys")))))
        return false;
    if (m_port == 0)
        m_port = freePort();
    QStringList lines = m_extra;
    lines << QStringLiteral("Port %1").arg(m_port) << QStringLiteral("ListenAddress 127.0.0.1")
          << QStringLiteral("HostKey ") + hostKey
          << QStringLiteral("AuthorizedKeysFile ") + file(QStringLiteral("authorized_keys"))
          << QStringLiteral("PidFile none") << QStringLiteral("UsePAM no")
          << QStringLiteral("StrictModes no") << QStringLiteral("PermitRootLogin yes")
          << QStringLiteral("PasswordAuthentication no")
          << QStringLiteral("KbdInteractiveAuthentication no")
          // bash as login shell then leaves the user's own .bashrc alone.
          << QStringLiteral("SetEnv SHLVL=3 HOME=%1").arg(m_folder.path())
          << QStringLiteral("MaxStartups 200") << QStringLiteral("LogLevel VERBOSE");
    QFile config(file(QStringLiteral("sshd_config")));
    if (!config.open(QFile::WriteOnly | QFile::Truncate))
        return false;
    config.write(lines.join(QLatin1Char('\n')).toUtf8() + '\n');
    config.close();
    // A test that crashes leaves no server behind.
    m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    m_process.setStandardErrorFile(file(QStringLiteral("sshd.log")), QIODevice::Append);
    m_process.setStandardOutputFile(QProcess::nullDevice());
    const QStringList server{program(), QStringLiteral("-D"), QStringLiteral("-e"),
        QStringLiteral("-f"), config.fileName()};
    if (m_mounts.isEmpty())
        m_process.start(server.first(), server.mid(1));
    else // exec all along: the process stays the one we know
        m_process.start(QStringLiteral("unshare"),
            QStringList{QStringLiteral("-m"), QStringLiteral("sh"), QStringLiteral("-ec"),
                m_mounts.join(QLatin1Char('\n')) + QStringLiteral("\nexec \"$@\""),
                QStringLiteral("sh")}
                + server);
    QElapsedTimer waited;
    waited.start();
    while (m_process.state() != QProcess::NotRunning && waited.elapsed() < 10'000) {
        if (portAnswers(m_port))
            return true;
        QThread::msleep(10);
        m_process.waitForFinished(0);
    }
    return false;
}

QList<qint64> Sshd::sessions() const
{
    // Children and their children: sshd forks again for an unprivileged user, then the shell.
    QList<qint64> found{m_process.processId()};
    for (qsizetype i = 0; i < found.size() && found[0] > 0; ++i) {
        QFile children(QStringLiteral("/proc/%1/task/%1/children").arg(found[i]));
        if (children.open(QFile::ReadOnly))
            for (const QByteArray &pid : children.readAll().simplified().split(' '))
                if (pid.toLongLong() > 0)
                    found << pid.toLongLong();
    }
    return found.mid(1);
}

void Sshd::signalSessions(int signal)
{
    for (const qint64 pid : sessions())
        ::kill(pid_t(pid), signal);
}

void Sshd::killSessions()
{
    signalSessions(SIGKILL);
}

void Sshd::kill()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    killSessions();
    m_process.kill();
    m_process.waitForFinished();
}

QByteArray Sshd::log() const
{
    QFile log(file(QStringLiteral("sshd.log")));
    return log.open(QFile::ReadOnly) ? log.readAll() : QByteArray();
}

void Sshd::makeKnown()
{
    QFile key(file(QStringLiteral("host_key.pub")));
    QFile known(knownHosts());
    if (key.open(QFile::ReadOnly) && known.open(QFile::WriteOnly | QFile::Append))
        known.write("[127.0.0.1]:" + QByteArray::number(m_port) + ' ' + key.readAll());
}

std::shared_ptr<ResolvedHost> Sshd::host(const QString &alias) const
{
    auto host = std::make_shared<ResolvedHost>();
    host->alias = alias;
    host->hostName = QStringLiteral("127.0.0.1");
    host->user = user();
    host->port = m_port;
    host->identityFiles = QStringList{clientKey()};
    host->identityAgent = QStringLiteral("none");
    host->userKnownHosts = QStringList{knownHosts()};
    host->strictHostKeyChecking = QStringLiteral("ask");
    host->preferredAuthentications = QStringList{QStringLiteral("publickey"),
        QStringLiteral("keyboard-interactive"), QStringLiteral("password")};
    host->addressFamily = QStringLiteral("any");
    return host;
}

} // namespace pilothouse
