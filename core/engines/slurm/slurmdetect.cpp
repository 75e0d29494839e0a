// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/catalog.h"
#include "core/engines/slurm/slurmengine.h"
#include "core/engines/slurm/slurmstate.h"
#include "core/engines/slurm/slurmtext.h"

namespace pilothouse {

/// Where sites put Slurm's programs when they are not on everybody's PATH.
static constexpr const char *folders[] = {"", "/opt/slurm/bin", "/opt/slurm/current/bin",
    "/usr/local/slurm/bin", "/cm/shared/apps/slurm/current/bin", "/usr/local/bin", "/usr/bin"};

/// Slurm is there when its programs are; whether its controller answers is Engine::status.
static Task<Result<QList<EngineContext>>> detectSlurm(Context context, EngineContext host)
{
    QList<EngineContext> found;
    QString path; // the user's own: jobs inherit it
    for (const char *folder : folders) {
        if (*folder)
            host.environment[QStringLiteral("PATH")] = path + u':' + QString::fromLatin1(folder);
        const auto runner = host.runner();
        if (!runner)
            co_return fail(runner.error());
        const SlurmClient client(*runner);
        if (path.isEmpty()) {
            auto printing
                = client.ask(context, {QStringLiteral("printenv"), QStringLiteral("PATH")});
            const auto printed = co_await std::move(printing);
            if (!printed)
                co_return fail(printed.error());
            path = QString::fromUtf8(*printed).trimmed();
        }
        auto asking = client.ask(context, {QStringLiteral("sinfo"), QStringLiteral("--version")});
        const auto version = co_await std::move(asking);
        if (!version && version.error().kind == ErrorKind::NotFound)
            continue;
        if (!version)
            co_return fail(version.error());
        auto naming = client.ask(context,
            {QStringLiteral("scontrol"), QStringLiteral("show"), QStringLiteral("config")});
        const auto config = co_await std::move(naming);
        host.name = config ? slurmPairs(*config).value(QStringLiteral("ClusterName")) : QString();
        if (host.name.isEmpty())
            host.name = QStringLiteral("Slurm");
        found << host;
        break;
    }
    co_return found;
}

static std::unique_ptr<Engine> makeSlurm(EngineContext found)
{
    return std::make_unique<SlurmEngine>(std::move(found));
}

extern const EngineKind slurmKind;
const EngineKind slurmKind{"slurm", "Slurm", &detectSlurm, &makeSlurm};

} // namespace pilothouse
