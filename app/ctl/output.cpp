// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/output.h"

#include <QCoreApplication>
#include <QJsonDocument>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <poll.h>
#include <unistd.h>

namespace pilothouse::ctl {

QString tr(const char *text)
{
    return QCoreApplication::translate("ctl", text);
}

static std::function<void()> afterOutput;
static std::optional<int> endedWith;

void whenOutputEnds(std::function<void()> then)
{
    afterOutput = std::move(then);
}

std::optional<int> outputEnded()
{
    return endedWith;
}

void endOutput(int error)
{
    if (endedWith)
        return;
    constexpr int bySigPipe = 128 + SIGPIPE;
    if (error != EPIPE)
        printNote(tr("pilothousectl: the output cannot be written: %1")
                      .arg(QString::fromLocal8Bit(std::strerror(error))));
    endedWith = error == EPIPE ? bySigPipe : 1;
    if (afterOutput)
        afterOutput();
}

bool writeAll(int descriptor, const QByteArray &bytes)
{
    if (endedWith)
        return false;
    qsizetype done = 0;
    while (done < bytes.size()) {
        const ssize_t wrote
            = ::write(descriptor, bytes.constData() + done, std::size_t(bytes.size() - done));
        if (wrote > 0) {
            done += wrote;
        } else if (wrote < 0 && errno == EAGAIN) { // a shared terminal may be non-blocking
            pollfd ready{descriptor, POLLOUT, 0};
            ::poll(&ready, 1, -1);
        } else if (wrote < 0 && errno != EINTR) {
            if (descriptor == STDOUT_FILENO)
                endOutput(errno);
            return false;
        }
    }
    return true;
}

/// What a host says must not steer the terminal.
static QString harmless(QString line)
{
    for (auto &c : line) {
        if (c.category() == QChar::Other_Control && c != QLatin1Char('\t')
            && c != QLatin1Char('\n'))
            c = QLatin1Char('?');
    }
    return line;
}

void printLine(const QString &line)
{
    writeAll(STDOUT_FILENO, harmless(line).toUtf8() + '\n');
}

void printNote(const QString &line)
{
    writeAll(STDERR_FILENO, harmless(line).toUtf8() + '\n');
}

void printJson(const char *schema, QJsonObject object)
{
    object.insert(QStringLiteral("schema"), QStringLiteral("pilothouse.") + QLatin1String(schema));
    object.insert(QStringLiteral("version"), 1);
    writeAll(STDOUT_FILENO, QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n');
}

QJsonValue orNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}

QJsonObject errorToJson(const Error &error)
{
    return {
        {QStringLiteral("kind"), errorKindName(error.kind)},
        {QStringLiteral("stage"), orNull(error.stage)},
        {QStringLiteral("message"), orNull(error.message)},
        {QStringLiteral("cause"), orNull(error.cause)},
        {QStringLiteral("next"), orNull(error.next)},
    };
}

Error about(Error error, const QString &sentence, const QString &name)
{
    error.message = sentence.arg(name, error.message);
    return error;
}

static void printErrorObject(const Error &error)
{
    const QJsonObject object{{QStringLiteral("error"), errorToJson(error)}};
    writeAll(STDERR_FILENO, QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n');
}

void printSetback(const Error &error, bool json)
{
    if (json)
        printErrorObject(error);
    else
        printNote(error.message);
}

void printError(const Error &error, bool json)
{
    if (json) {
        printErrorObject(error);
        return;
    }
    printNote(QStringLiteral("pilothousectl: ") + error.message);
    if (!error.cause.isEmpty())
        printNote(QStringLiteral("  ") + error.cause);
    if (!error.next.isEmpty())
        printNote(QStringLiteral("  ") + error.next);
}

void printTable(const QStringList &heads, const QList<QStringList> &rows)
{
    QStringList words;
    QList<qsizetype> widths;
    QList<bool> right;
    for (const auto &head : heads) {
        right << head.startsWith(QLatin1Char('>'));
        words << (right.last() ? head.mid(1) : head);
        widths << words.last().size();
    }
    for (const auto &row : rows) {
        for (qsizetype i = 0; i < row.size() && i < widths.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size());
    }
    const auto print = [&](const QStringList &row) {
        QString line;
        for (qsizetype i = 0; i < row.size(); ++i) {
            const bool last = i + 1 == row.size();
            line += right[i] ? row[i].rightJustified(widths[i])
                : last       ? row[i]
                             : row[i].leftJustified(widths[i]);
            if (!last)
                line += QLatin1String("  ");
        }
        printLine(line);
    };
    print(words);
    for (const auto &row : rows)
        print(row);
}

} // namespace pilothouse::ctl
