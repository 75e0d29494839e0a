// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/agentlink/treewalk.h"

#include "core/agentlink/localtree.h"
#include "core/base/foreachlimited.h"
#include "core/base/offload.h"

#include <QCoreApplication>

namespace pilothouse {

static constexpr qsizetype pathsPerStat = 500;

static QString tr(const char *text)
{
    return QCoreApplication::translate("agentlink", text);
}

QString pathBelow(const QString &root, const QString &path)
{
    return root.endsWith(QLatin1Char('/')) ? root + path : root + QLatin1Char('/') + path;
}

bool isUnchanged(const FileInfo &file, const FileInfo &there)
{
    return there.kind == QLatin1String("file") && there.size == file.size
        && there.modifiedNs == file.modifiedNs && there.modifiedNs != 0
        && (there.mode & 0777) == (file.mode & 0777);
}

void CopyTree::sort(const FileInfo &info)
{
    if (info.kind == QLatin1String("folder"))
        folders << info;
    else if (info.kind == QLatin1String("file"))
        files << info;
    else if (info.kind == QLatin1String("link"))
        links << info;
    else if (info.error.isEmpty())
        copied.leftOut << info.path + QStringLiteral(": ") + tr("neither file, folder nor link");
    else
        failed(info.path, Error{ErrorKind::Denied, QStringLiteral("copy"), info.error, {}, {}});
}

void CopyTree::failed(const QString &path, const Error &error)
{
    const auto kind = error.kind;
    if (kind == ErrorKind::Unreachable || kind == ErrorKind::Cancelled || kind == ErrorKind::Timeout
        || kind == ErrorKind::NoSpace) {
        if (!fatal)
            fatal = error;
        return;
    }
    if (!first)
        first = error;
    failures << path + QStringLiteral(": ")
            + (error.cause.isEmpty() || error.cause == path ? error.message : error.cause);
}

void CopyTree::refused(const QString &path, const QString &why)
{
    failed(path, Error{ErrorKind::Conflict, QStringLiteral("copy"), why, {}, {}});
}

void CopyTree::skipUnchanged(const QHash<QString, FileInfo> &there)
{
    QList<FileInfo> left;
    for (const auto &file : std::as_const(files)) {
        const auto known = there.value(file.path);
        if (isUnchanged(file, known)) {
            ++copied.unchanged;
            continue;
        }
        total += qint64(file.size);
        left << file;
    }
    files = left;
}

Result<TreeCopied> CopyTree::result() const
{
    if (fatal)
        return fail(*fatal);
    if (!first)
        return copied;
    Error error = *first;
    const auto all = failures.size() + copied.files + copied.unchanged + copied.links;
    error.message
        = tr("%1 of %2 could not be copied; the others are there.").arg(failures.size()).arg(all);
    error.cause = failures.mid(0, 10).join(QLatin1Char('\n'));
    error.next = tr("Copy again when that is put right: what is there is not sent again.");
    return fail(error);
}

/// "" when the name could lead elsewhere: it is one name below the folder, and no more.
static QString safeName(const QString &path)
{
    const QString name = path.section(QLatin1Char('/'), -1);
    return name == QLatin1String(".") || name == QLatin1String("..") ? QString() : name;
}

static Task<> walkRemoteFolder(
    TreePointer tree, QString folder, std::shared_ptr<std::vector<QString>> next)
{
    if (tree->fatal)
        co_return;
    const QString path = folder.isEmpty() ? tree->from : pathBelow(tree->from, folder);
    auto listing = tree->agent->listFolder(tree->context, path);
    const auto entries = co_await std::move(listing);
    if (!entries) {
        tree->failed(path, entries.error());
        co_return;
    }
    for (auto entry : *entries) {
        const QString name = safeName(entry.path);
        if (name.isEmpty() || name.contains(QChar(0xFFFD))) {
            tree->refused(entry.path, tr("its name cannot be used here"));
            continue;
        }
        entry.path = folder.isEmpty() ? name : folder + QLatin1Char('/') + name;
        if (entry.kind == QLatin1String("folder"))
            next->push_back(entry.path);
        tree->sort(entry);
    }
}

Task<> walkRemote(TreePointer tree)
{
    std::vector<QString> level{QString()};
    while (!level.empty() && !tree->fatal) {
        auto next = std::make_shared<std::vector<QString>>();
        auto walking = forEachLimited(std::move(level), filesAtOnce,
            [tree, next](QString folder) { return walkRemoteFolder(tree, folder, next); });
        co_await std::move(walking);
        level = *next;
    }
}

Task<Result<QHash<QString, FileInfo>>> remoteInfos(TreePointer tree, QList<FileInfo> entries)
{
    QHash<QString, FileInfo> infos;
    for (qsizetype at = 0; at < entries.size(); at += pathsPerStat) {
        const auto part = entries.mid(at, pathsPerStat);
        QStringList paths;
        for (const auto &entry : part)
            paths << pathBelow(tree->to, entry.path);
        auto looking = tree->agent->stat(tree->context, paths);
        const auto there = co_await std::move(looking);
        if (!there)
            co_return fail(there.error());
        for (qsizetype i = 0; i < there->size() && i < part.size(); ++i)
            infos.insert(part[i].path, there->at(i));
    }
    co_return infos;
}

Task<QHash<QString, FileInfo>> localInfos(TreePointer tree, QList<FileInfo> entries)
{
    auto looking = offload([to = tree->to, entries] {
        QHash<QString, FileInfo> there;
        for (const auto &entry : entries)
            there.insert(entry.path, localInfo(pathBelow(to, entry.path)));
        return there;
    });
    co_return co_await std::move(looking);
}

} // namespace pilothouse
