// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// One command on a target, and the user's own terminal.
#include "core/acts/actsupport.h"
#include "core/acts/acttable.h"
#include "core/acts/resultjson.h"
#include "core/base/reply.h"
#include "core/session/workspace.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QMetaObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTimer>

#include <csignal>

namespace pilothouse {

static constexpr qsizetype mostOutput = 1024 * 1024; ///< kept in a result

static QString tr(const char *text)
{
    return QCoreApplication::translate("acts", text);
}

static QStringList words(const ActRequest &request)
{
    QStringList argv;
    const auto array = request.parameters.value(QLatin1String("argv")).toArray();
    for (const auto &word : array)
        argv << word.toString();
    return argv;
}

static QString previewExec(Services &, const ActRequest &request)
{
    return shellWords(words(request));
}

/// The first bytes of an output, up to mostOutput.
struct KeptOutput {
    QByteArray bytes;
    bool truncated = false;

    void add(const QByteArray &more)
    {
        const auto room = mostOutput - bytes.size();
        truncated = truncated || more.size() > room;
        bytes += more.left(room);
    }
};

/// Parameters: argv, folder. Result: exit_code, signal (null when none); when the request has no
/// ends of its own, out and err (at most 1 MB each, as putBytes() does it), and truncated: whether
/// there was more.
static Task<Result<QJsonObject>> runExec(
    Context context, Permit permit, Services &services, ActRequest request)
{
    const auto link = agentLink(services, request.target);
    if (!link)
        co_return fail(link.error());
    const QStringList argv = words(request);
    if (argv.isEmpty()) {
        Error empty{
            ErrorKind::BadInput, QStringLiteral("exec"), tr("A command is needed."), {}, {}};
        co_return fail(empty);
    }
    struct Kept {
        KeptOutput out, err;
    };
    auto kept = std::make_shared<Kept>();
    const auto ends = request.ends;
    Reply<std::pair<int, int>> reply;
    ExecHandlers handlers;
    handlers.out = [ends, kept](const QByteArray &bytes) {
        if (ends)
            ends->out(bytes);
        else
            kept->out.add(bytes);
    };
    handlers.err = [ends, kept](const QByteArray &bytes) {
        if (ends)
            ends->err(bytes);
        else
            kept->err.add(bytes);
    };
    handlers.sent = [ends] {
        if (ends && ends->sent)
            ends->sent();
    };
    handlers.ended = [reply](const Result<std::pair<int, int>> &end) { reply.finish(end); };
    const QMap<QString, QString> environment;
    const std::shared_ptr<ExecStream> stream = (*link)->agent->exec(
        permit, argv, parameter(request, "folder"), environment, std::move(handlers));
    if (ends)
        ends->running(stream.get());
    else
        stream->closeInput();
    const std::weak_ptr<ExecStream> weak = stream;
    const std::stop_callback stopped(context.stop(), [reply, weak] {
        if (const auto running = weak.lock())
            running->signal(SIGTERM);
        reply.finish(fail(cancelled(QStringLiteral("exec"))));
    });
    auto late = std::make_unique<QTimer>();
    if (!context.deadline().isForever()) {
        late->setSingleShot(true);
        QObject::connect(late.get(), &QTimer::timeout, late.get(), [reply] {
            reply.finish(
                fail(timedOut(QStringLiteral("exec"), tr("The command did not end in time."))));
        });
        late->start(int(std::min<qint64>(context.deadline().remainingTime(), INT_MAX)));
    }
    auto future = reply.future();
    const auto end = co_await std::move(future);
    if (ends)
        ends->running(nullptr);
    if (!end)
        co_return fail(end.error());
    QJsonObject result;
    result.insert(
        QStringLiteral("exit_code"), end->second == 0 ? QJsonValue(end->first) : QJsonValue());
    result.insert(
        QStringLiteral("signal"), end->second != 0 ? QJsonValue(end->second) : QJsonValue());
    if (!ends) {
        putBytes(result, "out", "out_base64", kept->out.bytes);
        putBytes(result, "err", "err_base64", kept->err.bytes);
        result.insert(QStringLiteral("truncated"), kept->out.truncated || kept->err.truncated);
    }
    co_return result;
}

/// What is run in the terminal; empty: just a terminal (this machine).
static QStringList terminalCommand(const Target &target)
{
    if (target.kind == TargetKind::Local)
        return {};
    if (target.kind == TargetKind::SshAlias)
        return {QStringLiteral("ssh"), target.name};
    QStringList command{QStringLiteral("ssh")};
    if (target.port != 0)
        command << QStringLiteral("-p") << QString::number(target.port);
    if (!target.identityFile.isEmpty())
        command << QStringLiteral("-i") << target.identityFile;
    if (!target.proxyJump.isEmpty())
        command << QStringLiteral("-J") << target.proxyJump;
    if (!target.user.isEmpty())
        command << QStringLiteral("-l") << target.user;
    return command << QStringLiteral("--") << target.host;
}

static Can canTerminal(Services &services, const ActRequest &request)
{
    const auto target = targetOf(services, request);
    if (!target)
        return Can::absent();
    return target->kind == TargetKind::Simulated
        ? Can::refused(tr("%1 is simulated: there is nothing to log in to.").arg(target->name))
        : Can::allowed();
}

static QString previewTerminal(Services &services, const ActRequest &request)
{
    const auto target = targetOf(services, request);
    return target && target->kind != TargetKind::Simulated ? shellWords(terminalCommand(*target))
                                                           : QString();
}

static Task<Result<QJsonObject>> runTerminal(
    Context, Permit, Services &services, ActRequest request)
{
    const auto target = targetOf(services, request);
    if (!target)
        co_return fail(target.error());
    if (target->kind == TargetKind::Simulated) {
        Error simulated{ErrorKind::Unsupported, QStringLiteral("terminal"),
            tr("%1 is simulated: there is nothing to log in to.").arg(target->name), {}, {}};
        co_return fail(simulated);
    }
    const QStringList command = terminalCommand(*target);
    struct Terminal {
        QString program, runs; ///< the option in front of the command
    };
    std::vector<Terminal> terminals;
    const QString own = qEnvironmentVariable("TERMINAL");
    if (!own.isEmpty())
        terminals.push_back(Terminal{own, QStringLiteral("-e")});
    terminals.push_back(Terminal{QStringLiteral("x-terminal-emulator"), QStringLiteral("-e")});
    for (const auto *dashes : {"gnome-terminal", "kgx", "ptyxis"})
        terminals.push_back(Terminal{QString::fromLatin1(dashes), QStringLiteral("--")});
    for (const auto *plain : {"konsole", "alacritty", "xfce4-terminal", "foot", "kitty", "xterm"})
        terminals.push_back(Terminal{QString::fromLatin1(plain), QStringLiteral("-e")});
    for (const auto &terminal : terminals) {
        const QString program = QStandardPaths::findExecutable(terminal.program);
        if (program.isEmpty())
            continue;
        // xfce4-terminal's -e takes one string; -x takes words.
        const QString runs = terminal.program == QLatin1String("xfce4-terminal")
            ? QStringLiteral("-x")
            : terminal.runs;
        const QStringList arguments
            = command.isEmpty() ? QStringList() : QStringList{runs} + command;
        if (QProcess::startDetached(program, arguments)) {
            QJsonObject result;
            result.insert(QStringLiteral("program"), program);
            co_return result;
        }
    }
    Error none{ErrorKind::NotFound, QStringLiteral("terminal"),
        tr("No terminal program was found here."), {},
        command.isEmpty() ? tr("Set $TERMINAL to yours.")
                          : tr("Set $TERMINAL to yours, or run: %1").arg(shellWords(command))};
    co_return fail(none);
}

const Act runCommand{"exec.run", QT_TRANSLATE_NOOP("acts", "Run command"), "", Mutates::Yes,
    Destructive::No, QT_TRANSLATE_NOOP("acts", "Cannot be undone."), &canWithAgent, &previewExec,
    &runExec};
const Act openTerminal{"terminal.open", QT_TRANSLATE_NOOP("acts", "Open terminal"), "Ctrl+T",
    Mutates::No, Destructive::No, "", &canTerminal, &previewTerminal, &runTerminal};

} // namespace pilothouse
