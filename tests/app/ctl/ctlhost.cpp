// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/ctl/ctlhost.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

#include <fcntl.h>
#include <unistd.h>

namespace pilothouse {

QJsonObject Ran::json() const
{
    return QJsonDocument::fromJson(out).object();
}

QJsonObject Ran::error() const
{
    return QJsonDocument::fromJson(err).object().value(QLatin1String("error")).toObject();
}

CtlHost::CtlHost()
{
    QDir(m_folder.path()).mkpath(QStringLiteral("home"));
    QDir(m_folder.path()).mkpath(QStringLiteral("run"));
    QFile config(sshConfig());
    if (config.open(QFile::WriteOnly))
        config.write("Host lab\n    HostName 127.0.0.1\n    Port 1\n");
}

CtlHost::~CtlHost()
{
    const auto jobs
        = run({QStringLiteral("jobs"), QStringLiteral("--json"), QStringLiteral("--offline")})
              .json()
              .value(QLatin1String("jobs"))
              .toArray();
    for (const auto &job : jobs) {
        if (job[QLatin1String("ended_at")].isNull()
            && job[QLatin1String("target")] == QLatin1String("local"))
            run({QStringLiteral("cancel"), job[QLatin1String("id")].toString()});
    }
    run({QStringLiteral("agent"), QStringLiteral("remove"), QStringLiteral("local")});
}

void CtlHost::prepare(QProcess &process, const QByteArray &terminal) const
{
    auto environment = QProcessEnvironment::systemEnvironment();
    const auto set = [&](const char *name, const char *folder) {
        environment.insert(QString::fromLatin1(name), file(QString::fromLatin1(folder)));
    };
    set("HOME", "home");
    set("XDG_DATA_HOME", "data");
    set("XDG_STATE_HOME", "state");
    set("XDG_CONFIG_HOME", "config");
    set("XDG_CACHE_HOME", "cache");
    set("XDG_RUNTIME_DIR", "run");
    set("PILOTHOUSE_AGENT_RUN", "agent");
    set("PILOTHOUSE_SSH_CONFIG", "ssh_config");
    environment.remove(QStringLiteral("SSH_AUTH_SOCK"));
    process.setProcessEnvironment(environment);
    process.setProgram(QStringLiteral(PILOTHOUSE_CTL));
    process.setWorkingDirectory(m_folder.path());
    // Without a controlling terminal there is no /dev/tty: nothing is asked.
    process.setChildProcessModifier([terminal] {
        ::setsid();
        if (!terminal.isEmpty()) // the first one a session leader opens becomes its own
            ::open(terminal.constData(), O_RDWR | O_CLOEXEC);
    });
}

std::unique_ptr<QProcess> CtlHost::start(
    const QStringList &arguments, const QByteArray &terminal, const QString &inputFile) const
{
    auto process = std::make_unique<QProcess>();
    prepare(*process, terminal);
    process->setArguments(arguments);
    if (!inputFile.isEmpty())
        process->setStandardInputFile(inputFile);
    process->start();
    process->waitForStarted();
    return process;
}

static Ran ended(QProcess &process)
{
    Ran ran;
    if (process.waitForFinished(60'000) && process.exitStatus() == QProcess::NormalExit)
        ran.code = process.exitCode();
    ran.out = process.readAllStandardOutput();
    ran.err = process.readAllStandardError();
    return ran;
}

Ran CtlHost::run(const QStringList &arguments, const QByteArray &input) const
{
    const auto process = start(arguments);
    process->write(input);
    process->closeWriteChannel();
    return ended(*process);
}

Ran CtlHost::shell(const QString &line) const
{
    QProcess process;
    prepare(process, {});
    auto environment = process.processEnvironment();
    environment.insert(QStringLiteral("CTL"), process.program());
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), line});
    process.closeWriteChannel();
    return ended(process);
}

} // namespace pilothouse
