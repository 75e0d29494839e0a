// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/remotecommand.h"

#include <QCoreApplication>

namespace pilothouse {

static constexpr char commandMarker[] = "pilothouse-pid:";
static constexpr int longestCommand = 100'000; // Linux takes 128 KB in one argument
static constexpr int longestNoise = 64 * 1024;

static QByteArray shellQuoted(QByteArray text)
{
    return '\'' + text.replace('\'', "'\\''") + '\'';
}

// For printf's %b: everything that some shell might see something in becomes \0ooo.
static QByteArray escaped(const QByteArray &text)
{
    static const QByteArray plain
        = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _-./:,=+@";
    QByteArray result;
    result.reserve(text.size() * 2);
    for (const char c : text) {
        if (plain.contains(c))
            result += c;
        else
            result += "\\0" + QByteArray::number(uchar(c), 8).rightJustified(3, '0');
    }
    return result;
}

Result<QByteArray> remoteCommandLine(const Command &command)
{
    QByteArray script = "exec " + shellQuoted(command.program.toUtf8());
    for (const QString &argument : command.arguments)
        script += ' ' + shellQuoted(argument.toUtf8());
    const auto refuse = [&](const QString &message) {
        return fail(Error{ErrorKind::BadInput, QStringLiteral("command"), message, command.program,
            QCoreApplication::translate("transport", "Put it into a file.")});
    };
    if (script.contains('\0'))
        return refuse(QCoreApplication::translate("transport", "A command cannot hold NUL bytes."));
    QByteArray line = "exec /bin/sh -c 'echo " + QByteArray(commandMarker)
        + "$$ >&2;eval \"$(printf %b \"$1\")\"' sh '" + escaped(script) + '\'';
    if (line.size() > longestCommand)
        return refuse(QCoreApplication::translate("transport", "The command is too long."));
    return line;
}

QByteArray MarkerFilter::filter(const QByteArray &piece)
{
    if (m_pid)
        return piece;
    m_held += piece;
    const auto start = m_held.indexOf(commandMarker);
    const auto end = start < 0 ? -1 : m_held.indexOf('\n', start);
    if (end < 0) {
        if (m_held.size() > longestNoise)
            m_held = m_held.right(longestNoise);
        return {};
    }
    const auto digits = start + qsizetype(sizeof commandMarker) - 1;
    m_pid = m_held.mid(digits, end - digits).trimmed().toLongLong();
    const QByteArray after = m_held.mid(end + 1);
    m_held.clear();
    return after;
}

QByteArray MarkerFilter::rest()
{
    return std::exchange(m_held, {});
}

Command killCommand(qint64 pid)
{
    // The login shell under sshd leads its own session and became our sh by exec: pid = group.
    const QString script = QStringLiteral("for s in HUP TERM; do kill -s $s -- -$1 2>/dev/null || "
                                          "kill -s $s $1 2>/dev/null; done; :");
    return Command(QStringLiteral("/bin/sh"),
        {QStringLiteral("-c"), script, QStringLiteral("sh"), QString::number(pid)});
}

Command uploadCommand(const QByteArray &data, const QString &remotePath)
{
    static const QString script = QStringLiteral(R"(umask 077; LC_ALL=C; export LC_ALL
case $1 in '~/'*) p=$HOME/${1#'~/'} ;; /*) p=$1 ;; *) p=./$1 ;; esac
if [ -d "$p" ]; then echo "$p is a folder" >&2; exit 67; fi
mkdir -p "${p%/*}/" || exit 68
t=$p.part.$$
trap 'rm -f "$t"' 0
trap 'exit 69' 1 2 13 15
cat > "$t" || exit 68
n=$(wc -c < "$t") || exit 68
if [ "$n" -ne "$2" ]; then echo "$n of $2 bytes arrived" >&2; exit 65; fi
chmod 700 "$t" && mv -f "$t" "$p" || exit 68
trap - 0
)");
    return Command(QStringLiteral("/bin/sh"),
        {QStringLiteral("-c"), script, QStringLiteral("sh"), remotePath,
            QString::number(data.size())},
        data);
}

Result<> uploadResult(const Result<Output> &output, const QString &remotePath)
{
    if (!output)
        return fail(output.error());
    if (output->exitCode == 0 && output->signal == 0)
        return {};
    const QString cause = QString::fromUtf8(output->err.right(2000)).trimmed();
    Error error{ErrorKind::BadReply, QStringLiteral("upload"),
        QCoreApplication::translate("transport", "The file could not be written to %1.")
            .arg(remotePath),
        cause, {}};
    if (cause.contains(QLatin1String("No space left")) || cause.contains(QLatin1String("quota"))) {
        error.kind = ErrorKind::NoSpace;
        error.message = QCoreApplication::translate("transport", "There is no space left for %1.")
                            .arg(remotePath);
        error.next = QCoreApplication::translate("transport", "Free some space there, then retry.");
    } else if (output->exitCode == 65) {
        error.message = QCoreApplication::translate(
            "transport", "The upload to %1 was cut; nothing was left behind.")
                            .arg(remotePath);
        error.next = QCoreApplication::translate("transport", "Try again.");
    } else if (output->exitCode == 67) {
        error.kind = ErrorKind::Conflict;
        error.next = QCoreApplication::translate("transport", "Name a file in that folder.");
    } else if (cause.contains(QLatin1String("Permission denied"))
        || cause.contains(QLatin1String("Read-only file system"))) {
        error.kind = ErrorKind::Denied;
        error.next = QCoreApplication::translate("transport", "Choose a folder you may write to.");
    }
    return fail(error);
}

} // namespace pilothouse
