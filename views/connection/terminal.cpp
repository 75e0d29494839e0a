// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/connection/terminal.h"

#include <QCoreApplication>
#include <QProcess>
#include <QStandardPaths>

namespace pilothouse {

QStringList terminalCommand(const Target &target)
{
    QStringList command{QStringLiteral("ssh")};
    if (target.kind == TargetKind::SshAlias)
        return command << target.name;
    if (target.port != 0)
        command << QStringLiteral("-p") << QString::number(target.port);
    if (!target.user.isEmpty())
        command << QStringLiteral("-l") << target.user;
    if (!target.identityFile.isEmpty())
        command << QStringLiteral("-i") << target.identityFile;
    if (!target.proxyJump.isEmpty())
        command << QStringLiteral("-J") << target.proxyJump;
    return command << target.host;
}

Result<> startTerminal(const Target &target)
{
    struct Program {
        QString name, flag; // the flag after which the command stands as arguments
    };
    QList<Program> programs{{qEnvironmentVariable("TERMINAL"), QStringLiteral("-e")},
        {QStringLiteral("x-terminal-emulator"), QStringLiteral("-e")},
        {QStringLiteral("gnome-terminal"), QStringLiteral("--")},
        {QStringLiteral("konsole"), QStringLiteral("-e")},
        {QStringLiteral("xfce4-terminal"), QStringLiteral("-x")},
        {QStringLiteral("kitty"), QString()}, {QStringLiteral("alacritty"), QStringLiteral("-e")},
        {QStringLiteral("foot"), QString()}, {QStringLiteral("xterm"), QStringLiteral("-e")}};
    for (const auto &program : std::as_const(programs)) {
        const QString path
            = program.name.isEmpty() ? QString() : QStandardPaths::findExecutable(program.name);
        if (path.isEmpty())
            continue;
        QStringList arguments;
        if (!program.flag.isEmpty())
            arguments << program.flag;
        arguments << terminalCommand(target);
        if (QProcess::startDetached(path, arguments))
            return {};
    }
    const auto tr = [](const char *text) { return QCoreApplication::translate("terminal", text); };
    Error error{ErrorKind::NotFound, QStringLiteral("terminal"),
        tr("No terminal program was found on this machine."), {},
        tr("set TERMINAL to yours, or install xterm.")};
    return fail(error);
}

} // namespace pilothouse
