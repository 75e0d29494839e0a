// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/offload.h"
#include "core/transport/hostkeycheck.h"
#include "core/transport/kerberosticket.h"
#include "core/transport/proxyjump.h"
#include "core/transport/sshgrun.h"
#include "core/transport/sshneeds.h"

#include <QCoreApplication>

namespace pilothouse {

namespace {

using HostPtr = std::shared_ptr<ResolvedHost>;

constexpr int mostHops = 16;

struct Resolved {
    HostPtr host;
    QString proxyJump;
};

struct Files {
    QStringList needs, knownKeyTypes;
};

Task<Result<Resolved>> resolveOne(Context context, QString alias, QStringList options)
{
    auto asking = askSshG(context, alias, std::move(options));
    const auto parsed = co_await std::move(asking);
    if (!parsed)
        co_return fail(parsed.error());
    Resolved resolved;
    resolved.host = std::make_shared<ResolvedHost>(parsed->host);
    resolved.proxyJump = parsed->proxyJump;
    // Keys and certificates come and go without a change of the configuration: looked at each time.
    auto looking = offload([answer = *parsed] {
        return Files{neededByFiles(answer),
            lookUpHost(knownHostsFiles(answer.host), knownHostsNameOf(answer.host)).knownTypes};
    });
    const Files files = co_await std::move(looking);
    resolved.host->needsOpenSsh << files.needs;
    resolved.host->knownKeyTypes = files.knownKeyTypes;
    const bool offersTicket
        = parsed->host.preferredAuthentications.contains(QLatin1String("gssapi-with-mic"));
    if (offersTicket && resolved.host->needsOpenSsh.isEmpty()) {
        auto asking = hasKerberosTicket(context);
        if (const bool ticket = co_await std::move(asking); ticket)
            resolved.host->prefersOpenSsh << QCoreApplication::translate(
                "transport", "GSSAPIAuthentication with your Kerberos ticket");
    }
    co_return resolved;
}

QStringList hopOptions(const JumpHop &hop)
{
    QStringList options;
    if (!hop.user.isEmpty())
        options << QStringLiteral("-l") << hop.user;
    if (hop.port != 0)
        options << QStringLiteral("-p") << QString::number(hop.port);
    return options;
}

Error looped(const QStringList &way)
{
    return {ErrorKind::BadInput, QStringLiteral("resolve"),
        QCoreApplication::translate("transport", "The jump hosts lead back to where they started."),
        way.join(QStringLiteral(" > ")),
        QCoreApplication::translate("transport", "Set ProxyJump none for the jump host itself.")};
}

// The host with its chain. `way`: the hops that led here, to see loops.
Task<Result<HostPtr>> resolveChain(
    Context context, QString alias, QStringList options, QStringList way)
{
    const QString step = (options + QStringList{alias}).join(QLatin1Char(' '));
    const bool seen = way.contains(step);
    way << step;
    if (seen || way.size() > mostHops)
        co_return fail(looped(way));
    auto resolving = resolveOne(context, alias, std::move(options));
    const auto self = co_await std::move(resolving);
    if (!self)
        co_return fail(self.error());
    const HostPtr host = self->host;
    const auto hops = parseProxyJump(self->proxyJump);
    if (!hops)
        co_return fail(hops.error());

    QStringList before; // as ssh hands them on with -J
    for (const JumpHop &hop : *hops) {
        HostPtr jump;
        if (before.isEmpty()) {
            // Only the first hop is reached the way its own configuration says.
            auto going = resolveChain(context, hop.host, hopOptions(hop), way);
            const auto first = co_await std::move(going);
            if (!first)
                co_return fail(first.error());
            jump = *first;
            host->jumps = std::exchange(jump->jumps, {});
        } else {
            QStringList extra = hopOptions(hop);
            extra << QStringLiteral("-J") << before.join(QLatin1Char(','));
            auto going = resolveOne(context, hop.host, std::move(extra));
            const auto next = co_await std::move(going);
            if (!next)
                co_return fail(next.error());
            jump = next->host;
        }
        host->jumps << jump;
        before << hop.text;
    }
    co_return host;
}

} // namespace

Task<Result<std::shared_ptr<ResolvedHost>>> resolveHost(Context context, Target target)
{
    if (context.stopped())
        co_return fail(cancelled(QStringLiteral("resolve")));
    const auto word = sshDestination(target);
    if (!word)
        co_return fail(word.error());
    auto options = manualOptions(target);
    if (!options)
        co_return fail(options.error());
    const QStringList nowhere;
    auto resolving = resolveChain(context, *word, *options, nowhere);
    const auto host = co_await std::move(resolving);
    if (!host)
        co_return fail(host.error());
    for (const auto &jump : (*host)->jumps) {
        for (const QString &need : jump->needsOpenSsh)
            (*host)->needsOpenSsh << QCoreApplication::translate("transport", "%1 of jump host %2")
                                         .arg(need, jump->alias);
        (*host)->filesRead << jump->filesRead;
    }
    (*host)->filesRead.removeDuplicates();
    co_return *host;
}

} // namespace pilothouse
