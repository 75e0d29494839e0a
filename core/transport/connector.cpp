// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/connector.h"

#include "core/transport/jumphosts.h"
#include "core/transport/libsshconnect.h"
#include "core/transport/localtransport.h"
#include "core/transport/opensshconnect.h"
#include "core/transport/sshconfig.h"
#include "core/transport/stageclock.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>

namespace pilothouse {

// "ssh -G dgx-spark: user mia, port 22, via bastion, key ~/.ssh/id_ed25519"
static QString resolvedText(const ResolvedHost &host)
{
    QStringList parts{QCoreApplication::translate("transport", "user %1").arg(host.user),
        QCoreApplication::translate("transport", "port %1").arg(host.port)};
    if (!host.jumps.isEmpty())
        parts << QCoreApplication::translate("transport", "via %1").arg(jumpNames(host.jumps));
    const QString home = QDir::homePath() + QLatin1Char('/');
    for (const QString &key : host.identityFiles)
        if (QFileInfo::exists(key)) {
            parts << QCoreApplication::translate("transport", "key %1")
                         .arg(key.startsWith(home) ? QStringLiteral("~/") + key.mid(home.size())
                                                   : key);
            break;
        }
    return QStringLiteral("ssh -G %1: ").arg(host.alias) + parts.join(QStringLiteral(", "));
}

// Why libssh cannot go this way, hops included; empty when it can.
static QString needs(const ResolvedHost &host)
{
    for (const auto &hop : host.jumps)
        if (!hop->needsOpenSsh.isEmpty())
            return QCoreApplication::translate(
                "transport", "the configuration of jump host %1 uses %2")
                .arg(hop->alias, hop->needsOpenSsh.join(QStringLiteral(", ")));
    if (!host.needsOpenSsh.isEmpty())
        return QCoreApplication::translate("transport", "the configuration of this host uses %1")
            .arg(host.needsOpenSsh.join(QStringLiteral(", ")));
    return {};
}

// Why ssh would do better, hops included; empty when it would not.
static QString prefers(const ResolvedHost &host)
{
    for (const auto &hop : host.jumps)
        if (!hop->prefersOpenSsh.isEmpty())
            return QCoreApplication::translate("transport", "jump host %1 may be entered by %2")
                .arg(hop->alias, hop->prefersOpenSsh.join(QStringLiteral(", ")));
    if (!host.prefersOpenSsh.isEmpty())
        return QCoreApplication::translate("transport", "this host may be entered by %1")
            .arg(host.prefersOpenSsh.join(QStringLiteral(", ")));
    return {};
}

static Task<Result<Connected>> throughOpenSsh(Context context, Target target,
    std::shared_ptr<ResolvedHost> host, Prompter *prompter, StageSink report, QString why)
{
    auto connecting = connectOpenSsh(context, target, host, prompter, report);
    auto connected = co_await std::move(connecting);
    if (connected)
        connected->why = QCoreApplication::translate("transport", "system ssh: %1").arg(why);
    co_return connected;
}

Task<Result<Connected>> connectTransport(
    Context context, Target target, Prompter *prompter, StageSink report)
{
    if (target.kind == TargetKind::Local) {
        auto local = connectLocal(context, target, report);
        co_return co_await std::move(local);
    }
    StageClock resolve(report, Stage::Resolve);
    auto resolving = resolveHost(context, target);
    const auto resolved = co_await std::move(resolving);
    if (!resolved)
        co_return fail(resolve.failed(resolved.error()));
    const std::shared_ptr<ResolvedHost> host = *resolved;
    resolve.done(resolvedText(*host));

    if (target.transport == TransportChoice::OpenSsh) {
        auto chosen = throughOpenSsh(context, target, host, prompter, report,
            QCoreApplication::translate("transport", "chosen for this target"));
        co_return co_await std::move(chosen);
    }
    const QString why = needs(*host), better = prefers(*host);
    const bool automatic = target.transport == TransportChoice::Automatic;
    if (automatic && !(why.isEmpty() && better.isEmpty())) {
        auto needed
            = throughOpenSsh(context, target, host, prompter, report, why.isEmpty() ? better : why);
        co_return co_await std::move(needed);
    }
    if (!why.isEmpty()) {
        // Leaving out a proxy or a certificate would connect elsewhere or trust less: not silently.
        Error error{ErrorKind::Unsupported, stageId(Stage::Resolve),
            QCoreApplication::translate("transport", "libssh cannot connect this host: %1.")
                .arg(why),
            host->needsOpenSsh.join(QStringLiteral(", ")),
            QCoreApplication::translate(
                "transport", "Choose the automatic transport or system ssh for this target.")};
        co_return fail(resolve.failed(error));
    }

    auto connecting = connectLibssh(context, target, host, prompter, report);
    auto connected = co_await std::move(connecting);
    if (connected) {
        connected->why = automatic
            ? QCoreApplication::translate("transport",
                "libssh, chosen by itself: nothing in the configuration of this host needs more")
            : QCoreApplication::translate("transport", "libssh, chosen for this target");
        co_return connected;
    }
    if (connected.error().kind != ErrorKind::Unsupported || !automatic)
        co_return connected;
    const QString lacking = connected.error().message.chopped(1); // without its full stop
    auto fallBack = throughOpenSsh(context, target, host, prompter, report, lacking);
    co_return co_await std::move(fallBack);
}

} // namespace pilothouse
