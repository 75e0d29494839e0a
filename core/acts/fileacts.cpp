// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Copying single files. Parameters: local, remote; both are resumed when they were cut off.
#include "core/acts/actrunner.h"
#include "core/acts/actsupport.h"
#include "core/acts/acttable.h"
#include "core/agentlink/treecopy.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QJsonArray>

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

static QStringList copyWords(const ActRequest &request)
{
    QStringList words{QStringLiteral("cp")};
    if (request.parameters.value(QLatin1String("recursive")).toBool())
        words << QStringLiteral("-r");
    return words;
}

static QString previewUpload(Services &, const ActRequest &request)
{
    const QStringList words = copyWords(request) << parameter(request, "local")
                                                 << request.target.section(QLatin1Char(':'), -1)
            + QLatin1Char(':') + parameter(request, "remote");
    return shellWords(words);
}

static QString previewDownload(Services &, const ActRequest &request)
{
    const QStringList words = copyWords(request) << request.target.section(QLatin1Char(':'), -1)
            + QLatin1Char(':')
            + parameter(request, "remote") << parameter(request, "local");
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

/// Which kind of thing is at a path there ("" when nothing is), links at its end followed.
static Task<Result<QString>> remoteKind(
    Context context, std::shared_ptr<const Link> link, QString remote)
{
    const QStringList paths{remote, remote + QStringLiteral("/.")};
    auto looking = link->agent->stat(context, paths);
    const auto there = co_await std::move(looking);
    if (!there)
        co_return fail(there.error());
    const bool folder = there->value(1).kind == QLatin1String("folder");
    co_return folder ? QStringLiteral("folder") : there->value(0).kind;
}

/// The last name of a path; empty for "/", "." and "..", whose content is meant.
static QString lastName(const QString &path)
{
    const QString name = QDir::cleanPath(path).section(QLatin1Char('/'), -1);
    return name == QLatin1String("..") || name == QLatin1String("~")
            || path.endsWith(QLatin1String("/."))
        ? QString()
        : name;
}

/// As cp does: into a folder that is there, else under that very name.
static QString inside(const QString &path, bool folder, const QString &name)
{
    if ((!folder && !path.endsWith(QLatin1Char('/'))) || name.isEmpty())
        return path;
    return path.endsWith(QLatin1Char('/')) ? path + name : path + QLatin1Char('/') + name;
}

static Error folderNeedsRecursive(const QString &path)
{
    return {ErrorKind::BadInput, QStringLiteral("copy"), tr("%1 is a folder.").arg(path), {},
        tr("Folders are copied with -r.")};
}

static QJsonObject copiedToJson(const QString &path, const TreeCopied &copied)
{
    QJsonObject result;
    result.insert(QStringLiteral("path"), path);
    result.insert(QStringLiteral("bytes"), copied.bytes);
    result.insert(QStringLiteral("files"), copied.files);
    result.insert(QStringLiteral("unchanged"), copied.unchanged);
    result.insert(QStringLiteral("folders"), copied.folders);
    result.insert(QStringLiteral("links"), copied.links);
    result.insert(QStringLiteral("left_out"), QJsonArray::fromStringList(copied.leftOut));
    return result;
}

static TreeCopied oneFile(qint64 bytes)
{
    TreeCopied one;
    one.files = 1;
    one.bytes = bytes;
    return one;
}

/// Parameters: local, remote, recursive. Result: path, bytes, files, unchanged, folders, links,
/// left_out.
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
    if (!file.exists()) {
        Error error{ErrorKind::NotFound, QStringLiteral("copy"),
            tr("%1 is not there.").arg(paths->first), {}, {}};
        co_return fail(error);
    }
    if (!file.isDir() && !file.isFile()) {
        Error error{ErrorKind::Unsupported, QStringLiteral("copy"),
            tr("%1 is neither a file nor a folder.").arg(paths->first), {}, {}};
        co_return fail(error);
    }
    if (file.isDir() && !request.parameters.value(QLatin1String("recursive")).toBool())
        co_return fail(folderNeedsRecursive(paths->first));
    auto looking = remoteKind(context, *link, paths->second);
    const auto kind = co_await std::move(looking);
    if (!kind)
        co_return fail(kind.error());
    const QString remote
        = inside(paths->second, *kind == QLatin1String("folder"), lastName(paths->first));
    auto progress = progressOf(all, context);
    if (file.isDir()) {
        auto sending = uploadTree(
            context, permit, (*link)->agent, paths->first, remote, std::move(progress));
        const auto copied = co_await std::move(sending);
        if (!copied)
            co_return fail(copied.error());
        co_return copiedToJson(remote, *copied);
    }
    auto sending
        = (*link)->agent->uploadFile(context, permit, paths->first, remote, std::move(progress));
    const auto done = co_await std::move(sending);
    if (!done)
        co_return fail(done.error());
    co_return copiedToJson(remote, oneFile(file.size()));
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
    auto looking = remoteKind(context, *link, paths->second);
    const auto kind = co_await std::move(looking);
    if (!kind)
        co_return fail(kind.error());
    const bool folder = *kind == QLatin1String("folder");
    if (folder && !request.parameters.value(QLatin1String("recursive")).toBool())
        co_return fail(folderNeedsRecursive(paths->second));
    const QString local
        = inside(paths->first, QFileInfo(paths->first).isDir(), lastName(paths->second));
    auto progress = progressOf(all, context);
    if (folder) {
        auto fetching
            = downloadTree(context, (*link)->agent, paths->second, local, std::move(progress));
        const auto copied = co_await std::move(fetching);
        if (!copied)
            co_return fail(copied.error());
        co_return copiedToJson(local, *copied);
    }
    auto fetching = (*link)->agent->download(context, paths->second, local, std::move(progress));
    const auto done = co_await std::move(fetching);
    if (!done)
        co_return fail(done.error());
    co_return copiedToJson(local, oneFile(QFileInfo(local).size()));
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
