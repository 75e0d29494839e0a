// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/localtransport.h"
#include "core/transport/sshconfig.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QHash>
#include <QRegularExpression>

namespace pilothouse {

namespace {

constexpr int longestChain = 10;

QString configFile()
{
    return qEnvironmentVariable("PILOTHOUSE_SSH_CONFIG");
}

/// What the answer depends on: the files that ssh reads, with their times and sizes. Match exec may
/// say something else at any time, so that an answer is never older than half a minute either.
QString fingerprintOfFiles(QStringList &files)
{
    const QString own = configFile();
    files = listSshAliases(own.isEmpty() ? QDir::homePath() + QStringLiteral("/.ssh/config") : own)
                .filesRead;
    if (own.isEmpty()) {
        const auto system = listSshAliases(QStringLiteral("/etc/ssh/ssh_config")).filesRead;
        files += system;
    }
    QString text;
    for (const auto &file : std::as_const(files)) {
        const QFileInfo info(file);
        text += QStringLiteral("%1 %2 %3\n")
                    .arg(file)
                    .arg(info.lastModified().toMSecsSinceEpoch())
                    .arg(info.size());
    }
    return text;
}

struct Cached {
    QString fingerprint;
    qint64 time = 0;
    std::shared_ptr<ResolvedHost> host;
};
QHash<QString, Cached> cache; // main thread

Error badName(const QString &name)
{
    return {ErrorKind::BadInput, QStringLiteral("resolve"),
        QCoreApplication::translate("sshconfig", "“%1” cannot be a host name.").arg(name.left(80)),
        {}, {}};
}

bool usable(const QString &name)
{
    return !name.isEmpty() && !name.startsWith(QLatin1Char('-')) && name.size() <= 1024
        && std::none_of(name.begin(), name.end(),
            [](QChar c) { return c.unicode() <= 0x20 || c.unicode() == 0x7F; });
}

/// One hop of ProxyJump: [user@]host[:port] or ssh://[user@]host[:port], IPv6 in brackets.
struct Hop {
    QString user, host, port;
};

std::optional<Hop> parseHop(QString text)
{
    if (text.startsWith(QLatin1String("ssh://")))
        text = text.mid(6);
    static const QRegularExpression form(QStringLiteral(
        "^(?:(?<user>.+)@)?(?:\\[(?<six>[^\\]]+)\\]|(?<host>[^:]+))(?::(?<port>\\d+))?$"));
    const auto match = form.match(text.trimmed());
    if (!match.hasMatch())
        return std::nullopt;
    Hop hop{match.captured(QStringLiteral("user")), match.captured(QStringLiteral("six")),
        match.captured(QStringLiteral("port"))};
    if (hop.host.isEmpty())
        hop.host = match.captured(QStringLiteral("host"));
    if (!usable(hop.host) || hop.user.startsWith(QLatin1Char('-')))
        return std::nullopt;
    return hop;
}

Task<Result<ParsedSshG>> askSsh(Context context, QString alias, QStringList options)
{
    QStringList arguments{QStringLiteral("-G")};
    const QString own = configFile();
    if (!own.isEmpty())
        arguments << QStringLiteral("-F") << own;
    arguments += options;
    arguments << QStringLiteral("--") << alias;
    auto runner = std::make_shared<LocalTransport>();
    const Command command(QStringLiteral("ssh"), arguments);
    const auto output = co_await runner->run(context.within(std::chrono::seconds(10)), command);
    runner->close();
    if (output && output->exitCode == 127)
        co_return fail({ErrorKind::Unsupported, QStringLiteral("resolve"),
            QCoreApplication::translate("sshconfig",
                "The ssh program is not installed here; it reads the SSH configuration."),
            QString::fromUtf8(output->err.right(300)).trimmed(),
            QCoreApplication::translate("sshconfig", "Install the package openssh-client.")});
    auto text = printed(output, QStringLiteral("resolve"));
    if (!text) {
        Error error = text.error();
        if (error.kind == ErrorKind::BadReply) {
            error.kind = ErrorKind::BadInput;
            error.message = QCoreApplication::translate(
                "sshconfig", "The SSH configuration of %1 cannot be read.")
                                .arg(alias);
            error.next
                = QCoreApplication::translate("sshconfig", "Correct the line that is named.");
        }
        co_return fail(error);
    }
    co_return parseSshG(alias, *text);
}

Task<Result<std::shared_ptr<ResolvedHost>>> resolveNamed(
    Context context, QString alias, QStringList options, QString proxyJump, QStringList chain)
{
    if (!usable(alias))
        co_return fail(badName(alias));
    if (chain.size() > longestChain || chain.contains(alias))
        co_return fail({ErrorKind::BadInput, QStringLiteral("resolve"),
            QCoreApplication::translate(
                "sshconfig", "The jump hosts go round in a circle or are too many."),
            (chain + QStringList(alias)).join(QStringLiteral(" → ")),
            QCoreApplication::translate(
                "sshconfig", "Correct ProxyJump in the SSH configuration.")});
    const auto parsed = co_await askSsh(context, alias, options);
    if (!parsed)
        co_return fail(parsed.error());
    auto host = std::make_shared<ResolvedHost>(parsed->host);
    const QString jumps = proxyJump.isEmpty() ? parsed->proxyJump : proxyJump;
    const QStringList hops = jumps == QLatin1String("none")
        ? QStringList()
        : jumps.split(QLatin1Char(','), Qt::SkipEmptyParts);
    for (qsizetype i = 0; i < hops.size(); ++i) {
        const auto hop = parseHop(hops[i]);
        if (!hop)
            co_return fail({ErrorKind::BadInput, QStringLiteral("resolve"),
                QCoreApplication::translate("sshconfig", "“%1” is no jump host.")
                    .arg(hops[i].left(80)),
                jumps, {}});
        QStringList hopOptions;
        if (!hop->user.isEmpty())
            hopOptions << QStringLiteral("-l") << hop->user;
        if (!hop->port.isEmpty())
            hopOptions << QStringLiteral("-p") << hop->port;
        // Only the first hop may have jumps of its own, as with ssh -J; the later ones are reached
        // through it.
        const auto resolved = co_await resolveNamed(context, hop->host, hopOptions,
            i == 0 ? QString() : QStringLiteral("none"), chain + QStringList(alias));
        if (!resolved)
            co_return fail(resolved.error());
        host->jumps += (*resolved)->jumps;
        (*resolved)->jumps.clear();
        host->jumps << *resolved;
        for (const auto &need : std::as_const((*resolved)->needsOpenSsh))
            host->needsOpenSsh << QStringLiteral("%1 for %2").arg(need, hop->host);
    }
    co_return host;
}

} // namespace

Task<Result<std::shared_ptr<ResolvedHost>>> resolveHost(Context context, Target target)
{
    QString alias = target.name;
    QStringList options;
    if (target.kind == TargetKind::SshManual) {
        alias = target.host;
        if (!target.user.isEmpty())
            options << QStringLiteral("-l") << target.user;
        if (target.port != 0)
            options << QStringLiteral("-p") << QString::number(target.port);
        if (!target.identityFile.isEmpty())
            options << QStringLiteral("-i") << target.identityFile;
    }
    QStringList files;
    const QString fingerprint = fingerprintOfFiles(files);
    const QString key = (QStringList{alias, target.proxyJump} + options).join(QLatin1Char('\n'));
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const auto known = cache.constFind(key);
    if (known != cache.constEnd() && known->fingerprint == fingerprint
        && now - known->time < 30'000)
        co_return known->host;
    const auto host = co_await resolveNamed(context, alias, options, target.proxyJump, {});
    if (!host)
        co_return fail(host.error());
    (*host)->filesRead = files;
    cache.insert(key, Cached{fingerprint, now, *host});
    co_return *host;
}

} // namespace pilothouse
