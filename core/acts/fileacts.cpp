// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Copying single files. Parameters: local, remote; both are resumed when they were cut off.
#include "core/acts/actrunner.h"
#include "core/acts/actsupport.h"
#include "core/acts/acttable.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("acts", text);
}

static std::function<void(qint64, qint64)> progressOf(Services *services, const Context &context)
{
    return [services, id = context.actId()](qint64 done, qint64 total) {
        if (services->runner)
            services->runner->progress(id, done, total);
    };
}

static QString previewUpload(Services &, const ActRequest &request)
{
    const QStringList words{QStringLiteral("cp"), parameter(request, "local"),
        request.target.section(QLatin1Char(':'), -1) + QLatin1Char(':')
            + parameter(request, "remote")};
    return shellWords(words);
}

static QString previewDownload(Services &, const ActRequest &request)
{
    const QStringList words{QStringLiteral("cp"),
        request.target.section(QLatin1Char(':'), -1) + QLatin1Char(':')
            + parameter(request, "remote"),
        parameter(request, "local")};
    return shellWords(words);
}

static Result<std::pair<QString, QString>> pathsOf(const ActRequest &request)
{
    const QString local = parameter(request, "local"), remote = parameter(request, "remote");
    if (local.isEmpty() || remote.isEmpty())
        return fail({ErrorKind::BadInput, QStringLiteral("copy"),
            tr("A file here and a file there are needed."), {}, {}});
    return std::pair(local, remote);
}

/// A path that names a folder gets the other file's name, as cp does.
static Task<Result<QString>> remoteFile(
    Context context, std::shared_ptr<const Link> link, QString remote, QString localName)
{
    if (remote.endsWith(QLatin1Char('/')))
        co_return remote + localName;
    const QStringList paths{remote};
    auto looking = link->agent->stat(context, paths);
    const auto there = co_await std::move(looking);
    if (!there)
        co_return fail(there.error());
    const bool folder = !there->isEmpty() && there->first().kind == QLatin1String("folder");
    co_return folder ? remote + QLatin1Char('/') + localName : remote;
}

static Task<Result<QJsonObject>> runUpload(
    Context context, Permit permit, Services &services, ActRequest request)
{
    auto *all = &services;
    const auto link = agentLink(*all, request.target);
    if (!link)
        co_return fail(link.error());
    const auto paths = pathsOf(request);
    if (!paths)
        co_return fail(paths.error());
    const QFileInfo file(paths->first);
    if (!file.exists() || file.isDir()) {
        Error error{file.isDir() ? ErrorKind::Unsupported : ErrorKind::NotFound,
            QStringLiteral("copy"),
            file.isDir() ? tr("%1 is a folder; single files are copied.").arg(paths->first)
                         : tr("%1 is not there.").arg(paths->first),
            {}, {}};
        co_return fail(error);
    }
    auto naming = remoteFile(context, *link, paths->second, file.fileName());
    const auto remote = co_await std::move(naming);
    if (!remote)
        co_return fail(remote.error());
    auto progress = progressOf(all, context);
    auto sending
        = (*link)->agent->uploadFile(context, permit, paths->first, *remote, std::move(progress));
    const auto done = co_await std::move(sending);
    if (!done)
        co_return fail(done.error());
    QJsonObject result;
    result.insert(QStringLiteral("path"), *remote);
    result.insert(QStringLiteral("bytes"), file.size());
    co_return result;
}

static Task<Result<QJsonObject>> runDownload(
    Context context, Permit, Services &services, ActRequest request)
{
    auto *all = &services;
    const auto link = agentLink(*all, request.target);
    if (!link)
        co_return fail(link.error());
    const auto paths = pathsOf(request);
    if (!paths)
        co_return fail(paths.error());
    QString local = paths->first;
    if (QFileInfo(local).isDir())
        local = QFileInfo(local).filePath() + QLatin1Char('/')
            + paths->second.section(QLatin1Char('/'), -1);
    auto progress = progressOf(all, context);
    auto fetching = (*link)->agent->download(context, paths->second, local, std::move(progress));
    const auto done = co_await std::move(fetching);
    if (!done)
        co_return fail(done.error());
    QJsonObject result;
    result.insert(QStringLiteral("path"), local);
    result.insert(QStringLiteral("bytes"), QFileInfo(local).size());
    co_return result;
}

const Act uploadFile{"file.upload", QT_TRANSLATE_NOOP("acts", "Copy file to the target"), "",
    Mutates::Yes, Destructive::Yes,
    QT_TRANSLATE_NOOP("acts", "Cannot be undone: a file of that name is replaced."), &canWithAgent,
    &previewUpload, &runUpload};
const Act downloadFile{"file.download", QT_TRANSLATE_NOOP("acts", "Copy file from the target"), "",
    Mutates::Locally, Destructive::No,
    QT_TRANSLATE_NOOP("acts", "Cannot be undone: a file of that name here is replaced."),
    &canWithAgent, &previewDownload, &runDownload};

} // namespace pilothouse
