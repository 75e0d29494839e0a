// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gputest/placing.h"

#include "core/agentlink/deploy.h"
#include "core/base/paths.h"
#include "core/gputest/result.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QFile>
#include <QRandomGenerator>

namespace pilothouse {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("gputest", text);
}

Error problem(
    ErrorKind kind, const QString &message, const QString &cause = {}, const QString &next = {})
{
    return {kind, QStringLiteral("gputest"), message, cause, next};
}

/// SHA-256 of a file there; empty when it cannot be read.
Task<Result<QString>> hashThere(
    Context context, std::shared_ptr<Transport> transport, QString agent, QString file)
{
    const Command hashing(agent, QStringList{QStringLiteral("hash"), file});
    const auto output = co_await transport->run(context, hashing);
    if (!output)
        co_return fail(output.error());
    co_return output->exitCode == 0 ? QString::fromLatin1(output->out.trimmed()) : QString();
}

} // namespace

Task<Result<QString>> placeGpuTest(Context context, Permit, std::shared_ptr<const Link> link,
    std::function<void(qint64, qint64)> progress)
{
    const auto transport = link->transport;
    auto probing = probeHost(context, transport);
    const auto probe = co_await std::move(probing);
    if (!probe)
        co_return fail(probe.error());
    if (probe->agentPath.isEmpty())
        co_return fail(problem(ErrorKind::Unsupported,
            tr("The GPU test lies beside the agent, which is not on this host."), probe->trouble));
    QFile file(paths::bundled(gpuTestProgram + QLatin1Char('-') + probe->arch));
    if (file.fileName().isEmpty() || !file.open(QFile::ReadOnly))
        co_return fail(problem(ErrorKind::Unsupported,
            tr("This Pilothouse was built without the GPU test for %1.").arg(probe->arch), {},
            tr("Run installers/fetch-nvrtc and build again.")));
    const QByteArray bytes = file.readAll();
    const QString wanted
        = QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
    const QString folder = probe->agentPath.section(QLatin1Char('/'), 0, -2);
    const QString path = folder + QLatin1Char('/') + gpuTestProgram;
    auto looking = hashThere(context, transport, probe->agentPath, path);
    const auto there = co_await std::move(looking);
    if (!there)
        co_return fail(there.error());
    if (*there == wanted)
        co_return path;

    const QString temporary = folder
        + QStringLiteral("/.upload-%1")
              .arg(QRandomGenerator::global()->generate64(), 16, 16, QLatin1Char('0'));
    const Command cleaning(QStringLiteral("rm"), QStringList{QStringLiteral("-f"), temporary});
    const auto uploaded
        = co_await transport->upload(context, bytes, temporary, std::move(progress));
    QString arrived;
    if (uploaded) {
        auto checking = hashThere(context, transport, probe->agentPath, temporary);
        const auto checked = co_await std::move(checking);
        arrived = checked ? *checked : QString();
    }
    if (arrived != wanted) {
        co_await transport->run(Context().within(std::chrono::seconds(10)), cleaning);
        if (!uploaded)
            co_return fail(uploaded.error());
        co_return fail(
            problem(ErrorKind::BadReply, tr("The GPU test arrived damaged: its checksum differs."),
                arrived, tr("Try again: it is sent anew.")));
    }
    const Command moving(QStringLiteral("mv"), QStringList{QStringLiteral("-f"), temporary, path});
    const auto output = co_await transport->run(context, moving);
    const auto moved = printed(output, QStringLiteral("gputest"));
    if (!moved) {
        co_await transport->run(Context().within(std::chrono::seconds(10)), cleaning);
        co_return fail(moved.error());
    }
    co_return path;
}

} // namespace pilothouse
