// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/agenthome.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDeadlineTimer>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QProcess>
#include <QSysInfo>
#include <QThread>
#include <QUuid>

#include <csignal>

namespace pilothouse {

AgentHome::AgentHome()
{
    QDir().mkpath(path());
    qputenv("HOME", QFile::encodeName(path()));
    for (const char *name :
        {"XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"})
        qunsetenv(name);
    qputenv("PILOTHOUSE_AGENT_RUN", QFile::encodeName(runFolder()));
    qputenv("PILOTHOUSE_AGENT_HOST_ID", QUuid::createUuid().toString(QUuid::Id128).toLatin1());
}

AgentHome::~AgentHome()
{
    QDirIterator found(agentFolder(), {QStringLiteral("pilothouse-agent")}, QDir::Files,
        QDirIterator::Subdirectories);
    const int pid = daemonPid();
    if (found.hasNext())
        QProcess::execute(found.next(), {QStringLiteral("remove"), QStringLiteral("--force")});
    if (pid != 0 && ::kill(pid, 0) == 0)
        ::kill(pid, SIGKILL);
}

QString AgentHome::path(const QString &name) const
{
    const QString home = m_folder.filePath(QStringLiteral("home"));
    return name.isEmpty() ? home : home + QLatin1Char('/') + name;
}

QStringList AgentHome::agentFiles() const
{
    QStringList files;
    QDirIterator all(agentFolder(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (all.hasNext())
        files << QDir(agentFolder()).relativeFilePath(all.next());
    return files;
}

QStringList AgentHome::everything() const
{
    QStringList files;
    QDirIterator all(m_folder.path(),
        QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
        QDirIterator::Subdirectories);
    while (all.hasNext()) {
        all.next();
        const auto info = all.fileInfo();
        files << QStringLiteral("%1 %2 %3")
                     .arg(info.filePath())
                     .arg(info.size())
                     .arg(info.lastModified().toMSecsSinceEpoch());
    }
    files.sort();
    return files;
}

/// Processes with this home's run folder in their environment and `word` as second argument.
static QList<int> processesOf(const QByteArray &run, const QByteArray &word)
{
    QList<int> pids;
    const auto entries = QDir(QStringLiteral("/proc")).entryList(QDir::Dirs);
    for (const auto &entry : entries) {
        const int pid = entry.toInt();
        QFile environment(QStringLiteral("/proc/%1/environ").arg(pid));
        QFile command(QStringLiteral("/proc/%1/cmdline").arg(pid));
        if (pid == 0 || !command.open(QFile::ReadOnly)
            || command.readAll().split('\0').value(1) != word || !environment.open(QFile::ReadOnly))
            continue;
        if (environment.readAll().split('\0').contains("PILOTHOUSE_AGENT_RUN=" + run))
            pids << pid;
    }
    return pids;
}

int AgentHome::daemonPid() const
{
    return processesOf(QFile::encodeName(runFolder()), "serve").value(0);
}

QList<int> AgentHome::bridges() const
{
    return processesOf(QFile::encodeName(runFolder()), "connect");
}

int AgentHome::killDaemon() const
{
    const int pid = daemonPid();
    if (pid == 0)
        return 0;
    ::kill(pid, SIGKILL);
    while (daemonPid() == pid)
        QThread::msleep(5);
    return pid;
}

bool eventually(const std::function<bool()> &holds)
{
    const QDeadlineTimer limit(60'000);
    while (!holds()) {
        if (limit.hasExpired())
            return false;
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
        QThread::msleep(1);
    }
    return true;
}

} // namespace pilothouse
