// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/opensshconnect.h"

#include "core/transport/jumphosts.h"
#include "core/transport/libsshconnect.h"
#include "core/transport/opensshmaster.h"
#include "core/transport/opensshtransport.h"
#include "core/transport/sshgrun.h"

#include <QCoreApplication>

namespace pilothouse {

Task<Result<Connected>> connectOpenSsh(Context context, Target target,
    std::shared_ptr<ResolvedHost> host, Prompter *prompter, StageSink report)
{
    if (context.stopped())
        co_return fail(cancelled(stageId(Stage::Tcp)));
    const auto word = sshDestination(target);
    if (!word)
        co_return fail(word.error());
    const auto options = manualOptions(target);
    if (!options)
        co_return fail(options.error());
    QStringList destination = *options;
    destination << QStringLiteral("--") << *word;

    const auto master = OpenSshMaster::create(host, prompter, std::move(report));
    auto connecting = master->connectMaster(std::move(context), std::move(destination));
    const auto connected = co_await std::move(connecting);
    if (!connected)
        co_return fail(connected.error());
    Connected result;
    result.transport = std::make_shared<OpenSshTransport>(master);
    result.summary = displayName(*host);
    if (!host->jumps.isEmpty())
        result.summary
            += QCoreApplication::translate("transport", " via %1").arg(jumpNames(host->jumps));
    co_return result;
}

} // namespace pilothouse
