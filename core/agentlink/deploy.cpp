// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/agentlink/deploy.h"

#include "core/base/paths.h"
#include "core/base/units.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QHash>
#include <QRandomGenerator>

namespace pilothouse {

std::optional<AgentBinary> agentBinaryFor(const QString &arch)
{
    static QHash<QString, std::pair<QDateTime, AgentBinary>> cache; // main thread only
    const QString path = paths::bundled(QStringLiteral("pilothouse-agent-%1").arg(arch));
    if (path.isEmpty() || arch.contains(QLatin1Char('/')))
        return std::nullopt;
    const QDateTime modified = QFileInfo(path).lastModified();
    const auto known = cache.constFind(path);
    if (known != cache.constEnd() && known->first == modified)
        return known->second;
    QFile file(path);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    if (!file.open(QFile::ReadOnly) || !hash.addData(&file))
        return std::nullopt;
    AgentBinary binary;
    binary.localPath = path;
    binary.sha256 = QString::fromLatin1(hash.result().toHex());
    binary.version = QStringLiteral(PILOTHOUSE_VERSION "+") + binary.sha256.left(12);
    binary.size = file.size();
    cache.insert(path, {modified, binary});
    return binary;
}

QString installedAgentPath(const HostProbe &probe, const QString &version)
{
    return probe.dataHome + QStringLiteral("/pilothouse/agent/%1/pilothouse-agent").arg(version);
}

/// Best effort: what a failed deployment left is taken away, whatever became of the context.
static Task<> removeRemote(std::shared_ptr<Transport> transport, QString path)
{
    const Command command(QStringLiteral("rm"), QStringList{QStringLiteral("-f"), path});
    co_await transport->run(Context().within(std::chrono::seconds(10)), command);
}

Task<Result<QString>> deployAgent(Context context, Permit, std::shared_ptr<Transport> transport,
    HostProbe probe, AgentBinary binary, Progress progress)
{
    const QString stage = QStringLiteral("agent");
    if (!probe.trouble.isEmpty())
        co_return fail({ErrorKind::Unsupported, stage, probe.trouble, {},
            QCoreApplication::translate("agentlink",
                "Live basics come by plain commands; jobs and files need the agent.")});
    if (probe.freeBytes >= 0 && probe.freeBytes < binary.size + 64 * 1024)
        co_return fail({ErrorKind::NoSpace, stage,
            QCoreApplication::translate("agentlink", "The agent needs %1 in %2; %3 are free.")
                .arg(formatBytes(double(binary.size), false), probe.dataHome,
                    formatBytes(double(probe.freeBytes), false)),
            {},
            QCoreApplication::translate("agentlink", "Free some space there and connect again.")});
    QFile file(binary.localPath);
    if (!file.open(QFile::ReadOnly))
        co_return fail({ErrorKind::NotFound, stage,
            QCoreApplication::translate("agentlink", "The bundled agent cannot be read."),
            binary.localPath, {}});
    const QByteArray bytes = file.readAll();

    const QString folder = probe.dataHome + QStringLiteral("/pilothouse/agent");
    const QString temporary = folder
        + QStringLiteral("/.upload-%1")
              .arg(QRandomGenerator::global()->generate64(), 16, 16, QLatin1Char('0'));
    // What connections that died in the middle left: nobody else uploads for an hour.
    const Command sweep(QStringLiteral("find"),
        QStringList{folder, QStringLiteral("-maxdepth"), QStringLiteral("1"),
            QStringLiteral("-name"), QStringLiteral(".upload-*"), QStringLiteral("-mmin"),
            QStringLiteral("+60"), QStringLiteral("-exec"), QStringLiteral("rm"),
            QStringLiteral("-f"), QStringLiteral("{}"), QStringLiteral("+")});
    if (const auto swept = co_await transport->run(context, sweep); !swept)
        co_return fail(swept.error());
    const auto uploaded
        = co_await transport->upload(context, bytes, temporary, std::move(progress));
    if (!uploaded) {
        co_await removeRemote(transport, temporary);
        co_return fail(uploaded.error());
    }
    const Command hashing(temporary, QStringList{QStringLiteral("hash"), temporary});
    const auto hashed = co_await transport->run(context, hashing);
    const auto there = printed(hashed, stage);
    if (!there || QString::fromLatin1(there->trimmed()) != binary.sha256) {
        co_await removeRemote(transport, temporary);
        if (!there && hashed && (hashed->exitCode == 126 || hashed->exitCode == 127))
            co_return fail({ErrorKind::Unsupported, stage,
                QCoreApplication::translate("agentlink", "The agent does not start on this host."),
                there.error().cause,
                QCoreApplication::translate(
                    "agentlink", "Programs may not be allowed to run from %1.")
                    .arg(folder)});
        if (!there)
            co_return fail(there.error());
        co_return fail({ErrorKind::BadReply, stage,
            QCoreApplication::translate(
                "agentlink", "The agent arrived damaged: its checksum differs."),
            QString::fromLatin1(there->trimmed().left(64)),
            QCoreApplication::translate("agentlink", "Connect again: it is sent anew.")});
    }
    const QString installed = installedAgentPath(probe, binary.version);
    const Command installing(temporary, QStringList{QStringLiteral("install"), installed});
    const auto output = co_await transport->run(context, installing);
    const auto done = printed(output, stage);
    if (!done) {
        co_await removeRemote(transport, temporary);
        co_return fail(done.error());
    }
    co_return installed;
}

Task<Result<QString>> removeAgent(
    Context context, Permit, std::shared_ptr<Transport> transport, HostProbe probe, bool endJobs)
{
    if (probe.installedVersions.isEmpty())
        co_return QCoreApplication::translate(
            "agentlink", "Nothing of Pilothouse is on this host.");
    // Any installed version knows how to remove all of them.
    const QString program = !probe.agentPath.isEmpty()
        ? probe.agentPath
        : installedAgentPath(probe, probe.installedVersions.last());
    QStringList arguments{QStringLiteral("remove")};
    if (endJobs)
        arguments << QStringLiteral("--force");
    const Command command(program, arguments);
    const auto output = co_await transport->run(context, command);
    const auto text = printed(output, QStringLiteral("agent"));
    if (!text) {
        Error error = text.error();
        if (output) { // it ran, and refused
            error.kind = ErrorKind::Conflict;
            error.message = QCoreApplication::translate("agentlink", "The agent was not removed.");
        }
        co_return fail(error);
    }
    co_return QString::fromUtf8(text->trimmed());
}

} // namespace pilothouse
