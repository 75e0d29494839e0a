// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/sshgrun.h"

#include "core/base/reply.h"
#include "core/transport/bounded.h"
#include "core/transport/localtransport.h"
#include "core/transport/sshtemplate.h"
#include "core/transport/sshtokens.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QHash>

#include <algorithm>
#include <sys/stat.h>

namespace pilothouse {

static constexpr std::chrono::seconds patience(15);

static Error badTarget(const QString &message, const QString &cause)
{
    return {ErrorKind::BadInput, QStringLiteral("resolve"), message, cause,
        QCoreApplication::translate("transport", "Edit the target.")};
}

static bool isPlain(const QString &word)
{
    return std::none_of(
        word.begin(), word.end(), [](QChar c) { return c < QLatin1Char(' ') || c == QChar(0x7f); });
}

QStringList sshConfigArguments()
{
    const QString file = namedSshConfig();
    return file.isEmpty() ? QStringList() : QStringList{QStringLiteral("-F"), file};
}

Result<QString> sshDestination(const Target &target)
{
    const QLatin1String scheme("ssh:");
    QString word = target.kind == TargetKind::SshManual ? target.host : target.name;
    if (target.kind == TargetKind::SshAlias && target.id.startsWith(scheme))
        word = target.id.mid(scheme.size());
    if (word.isEmpty() || word.startsWith(QLatin1Char('-')) || word.contains(QLatin1Char(' '))
        || !isPlain(word))
        return fail(badTarget(
            QCoreApplication::translate("transport", "This is not a name that ssh takes."), word));
    return word;
}

// Values go through ssh's configuration parser.
static QString option(const char *key, QString value)
{
    value.replace(QLatin1Char('\\'), QLatin1String("\\\\"));
    value.replace(QLatin1Char('"'), QLatin1String("\\\""));
    return QStringLiteral("-o%1=\"%2\"").arg(QLatin1String(key), value);
}

Result<QStringList> manualOptions(const Target &target)
{
    if (target.kind != TargetKind::SshManual)
        return QStringList();
    for (const QString &word : {target.host, target.user, target.identityFile, target.proxyJump})
        if (!isPlain(word))
            return fail(badTarget(
                QCoreApplication::translate("transport", "Control characters cannot be used."),
                word));
    QStringList options{option("HostName", target.host)};
    if (!target.user.isEmpty())
        options << option("User", target.user);
    if (target.port != 0)
        options << option("Port", QString::number(target.port));
    if (!target.identityFile.isEmpty())
        options << option("IdentityFile", target.identityFile);
    if (!target.proxyJump.isEmpty()) // takes the rest of its line as it is, quotes included
        options << QStringLiteral("-oProxyJump=") + target.proxyJump;
    return options;
}

namespace {

struct Cached {
    ParsedSshG parsed;
    QStringList watched;
    QByteArray stamp;
};
QHash<QByteArray, Cached> &cache()
{
    static QHash<QByteArray, Cached> table;
    return table;
}

// One run per question at a time: who asks the same meanwhile waits for its answer.
class Turn {
public:
    static bool taken(const QByteArray &question) { return table().contains(question); }
    static Reply<> wait(const QByteArray &question)
    {
        Reply<> reply;
        table()[question] << reply;
        return reply;
    }
    explicit Turn(QByteArray question)
        : m_question(std::move(question))
    {
        table().insert(m_question, {});
    }
    ~Turn()
    {
        const auto waiting = table().take(m_question);
        for (const Reply<> &reply : waiting)
            reply.finish({});
    }
    Q_DISABLE_COPY_MOVE(Turn)

private:
    static QHash<QByteArray, QList<Reply<>>> &table()
    {
        static QHash<QByteArray, QList<Reply<>>> all;
        return all;
    }
    const QByteArray m_question;
};

QByteArray stampOf(const QStringList &paths)
{
    QByteArray stamp;
    for (const QString &path : paths) {
        struct stat info { };
        if (::stat(QFile::encodeName(path).constData(), &info) != 0)
            info = {};
        for (const qint64 part : {qint64(info.st_ino), qint64(info.st_size),
                 qint64(info.st_mtim.tv_sec), qint64(info.st_mtim.tv_nsec)})
            stamp += QByteArray::number(part) + ' ';
    }
    return stamp;
}

// `ssh -v` names each file it reads, and each pattern that no file matched.
void noteFiles(const QByteArray &err, QStringList *files, QStringList *folders)
{
    const QByteArray reading = "debug1: Reading configuration data ", include = " include ";
    for (const QByteArray &line : err.split('\n')) {
        const QByteArray one = line.trimmed();
        if (one.startsWith(reading))
            *files << QFile::decodeName(one.mid(reading.size()));
        else if (one.endsWith(" matched no files") && one.contains(include))
            *folders << QFileInfo(QFile::decodeName(one.mid(one.indexOf(include) + include.size())))
                            .path();
    }
    for (const QString &file : *files)
        *folders << QFileInfo(file).path();
    files->removeDuplicates();
    folders->removeDuplicates();
}

QString complaint(const QByteArray &err)
{
    QStringList lines;
    for (const QByteArray &line : err.split('\n')) {
        const QByteArray one = line.trimmed();
        if (!one.isEmpty() && !one.startsWith("debug1:") && !one.startsWith("OpenSSH_"))
            lines << QString::fromUtf8(one);
    }
    return lines.join(QLatin1Char('\n'));
}

Error refused(const QString &alias, const Output &output)
{
    const QString stage = QStringLiteral("resolve");
    if (output.exitCode == 127)
        return {ErrorKind::Unsupported, stage,
            QCoreApplication::translate("transport", "The ssh program was not found."),
            QString::fromUtf8(output.err),
            QCoreApplication::translate("transport", "Install the package openssh-client.")};
    if (output.err.contains("jumphost loop"))
        return {ErrorKind::BadInput, stage,
            QCoreApplication::translate(
                "transport", "The jump hosts lead back to where they started."),
            complaint(output.err),
            QCoreApplication::translate(
                "transport", "Set ProxyJump none for the jump host itself.")};
    return {ErrorKind::BadInput, stage,
        QCoreApplication::translate(
            "transport", "ssh cannot make sense of the configuration of %1.")
            .arg(alias),
        complaint(output.err),
        QCoreApplication::translate("transport", "Correct the line it names.")};
}

std::optional<ParsedSshG> remembered(const QByteArray &question)
{
    const auto known = cache().constFind(question);
    if (known == cache().cend() || known->stamp != stampOf(known->watched))
        return std::nullopt;
    return known->parsed;
}

Error outOfTime(Error error, const QString &alias, bool ours)
{
    error.stage = QStringLiteral("resolve");
    if (error.kind == ErrorKind::Timeout && ours) {
        error.message
            = QCoreApplication::translate("transport", "ssh -G %1 did not end within %2 seconds.")
                  .arg(alias)
                  .arg(patience.count());
        error.next = QCoreApplication::translate(
            "transport", "Look at the Match exec lines of the configuration.");
    }
    return error;
}

// Runs ssh and remembers what it says under `question`.
Task<Result<ParsedSshG>> runSshG(
    Context context, QString alias, QStringList arguments, QByteArray question)
{
    // Files that are made later count as changed too.
    Cached entry;
    for (const ConfigRoot &root : configRoots())
        entry.watched << root.file;
    const auto shell = std::make_shared<LocalTransport>();
    const Command command(QStringLiteral("ssh"), arguments);
    auto running = shell->run(context.within(patience), command);
    const auto output = co_await std::move(running);
    if (!output)
        co_return fail(outOfTime(output.error(), alias, !context.expired()));
    if (output->exitCode != 0)
        co_return fail(refused(alias, *output));
    auto parsed = parseSshG(alias, output->out);
    if (!parsed)
        co_return fail(parsed.error());
    QStringList folders;
    noteFiles(output->err, &parsed->host.filesRead, &folders);
    entry.watched << parsed->host.filesRead << folders;
    entry.stamp = stampOf(entry.watched);
    entry.parsed = *parsed;
    cache().insert(question, entry);
    co_return *parsed;
}

} // namespace

Task<Result<ParsedSshG>> askSshG(Context context, QString alias, QStringList options)
{
    QStringList arguments = sshConfigArguments();
    arguments << options << QStringLiteral("-v") << QStringLiteral("-G") << QStringLiteral("--")
              << alias;
    // Options on the command line come before the files: not looked into.
    std::optional<HostShape> shape;
    if (options.isEmpty())
        shape = hostShape(alias.toUtf8(), hostLines(alias.toUtf8(), configRoots()));
    const QByteArray question
        = shape ? shape->key : QByteArrayLiteral("ssh ") + arguments.join(QChar(0)).toUtf8();
    const auto own
        = [&](const ParsedSshG &answer) { return shape ? fitted(answer, alias, *shape) : answer; };

    for (;;) {
        if (const auto known = remembered(question))
            co_return own(*known);
        if (!Turn::taken(question))
            break;
        auto waiting = bounded(context, Turn::wait(question), QStringLiteral("resolve"), {});
        if (const auto woken = co_await std::move(waiting); !woken)
            co_return fail(woken.error());
    }
    const Turn turn(question);
    auto running = runSshG(context, alias, arguments, question);
    const auto answer = co_await std::move(running);
    if (!answer)
        co_return fail(answer.error());
    co_return own(*answer);
}

} // namespace pilothouse
