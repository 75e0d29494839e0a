// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/agentlink/treecopy.h"

#include "core/agentlink/localtree.h"
#include "core/agentlink/treewalk.h"
#include "core/base/foreachlimited.h"
#include "core/base/offload.h"

#include <QCoreApplication>
#include <QHash>

#include <algorithm>

namespace pilothouse {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("agentlink", text);
}

/// Copies one file with its own progress.
using CopyOne = std::function<Task<Result<>>(FileInfo, std::function<void(qint64, qint64)>)>;

Task<> copyOne(TreePointer tree, CopyOne copy, FileInfo file)
{
    if (tree->fatal)
        co_return;
    auto counted = std::make_shared<qint64>(0);
    const auto count = [tree, counted](qint64 done, qint64) {
        tree->done += done - std::exchange(*counted, done);
        if (tree->progress)
            tree->progress(tree->done, tree->total);
    };
    auto copying = copy(file, count);
    const auto done = co_await std::move(copying);
    if (!done) {
        tree->failed(file.path, done.error());
        co_return;
    }
    ++tree->copied.files;
    tree->copied.bytes += qint64(file.size);
}

Task<> copyFiles(TreePointer tree, CopyOne copy)
{
    std::vector<FileInfo> files(tree->files.cbegin(), tree->files.cend());
    auto copying = forEachLimited(std::move(files), filesAtOnce,
        [tree, copy](FileInfo file) { return copyOne(tree, copy, file); });
    co_await std::move(copying);
}

/// Sends folders or links; the answers' errors are failures.
Task<> place(TreePointer tree, Permit permit, QList<FileInfo> entries)
{
    if (tree->fatal || entries.isEmpty())
        co_return;
    QList<FileInfo> sent = entries;
    for (auto &entry : sent)
        entry.path = entry.path.isEmpty() ? tree->to : pathBelow(tree->to, entry.path);
    auto placing = tree->agent->placeFiles(tree->context, permit, sent);
    const auto answers = co_await std::move(placing);
    if (!answers) {
        tree->fatal = answers.error();
        co_return;
    }
    for (qsizetype i = 0; i < answers->size() && i < entries.size(); ++i) {
        if (!answers->at(i).error.isEmpty())
            tree->refused(
                entries[i].path.isEmpty() ? tree->to : entries[i].path, answers->at(i).error);
    }
}

/// For filling: open to its owner, time left for the end.
QList<FileInfo> opened(QList<FileInfo> folders)
{
    for (auto &folder : folders) {
        folder.mode |= 0700;
        folder.modifiedNs = 0;
    }
    return folders;
}

/// For the end: the deepest first, so that no later change touches a time that was set.
QList<FileInfo> closed(QList<FileInfo> folders)
{
    std::reverse(folders.begin(), folders.end());
    return folders;
}

Task<> placeHere(TreePointer tree, QList<FileInfo> entries)
{
    auto placing = offload([to = tree->to, entries] {
        QList<QString> answers;
        QStringList blocked; // what is below those would be made behind a link
        for (const auto &entry : entries) {
            const QString path = entry.path.isEmpty() ? to : pathBelow(to, entry.path);
            const bool behind = std::any_of(blocked.cbegin(), blocked.cend(),
                [&path](const QString &folder) { return path.startsWith(folder); });
            answers << (behind ? tr("its folder is not there") : placeLocally(path, entry));
            if (!answers.last().isEmpty() && entry.kind == QLatin1String("folder"))
                blocked << path + QLatin1Char('/');
        }
        return answers;
    });
    const auto answers = co_await std::move(placing);
    for (qsizetype i = 0; i < answers.size(); ++i) {
        if (!answers[i].isEmpty())
            tree->refused(entries[i].path.isEmpty() ? tree->to : entries[i].path, answers[i]);
    }
}

} // namespace

Task<Result<TreeCopied>> uploadTree(Context context, Permit permit,
    std::shared_ptr<AgentClient> agent, QString local, QString remote,
    std::function<void(qint64, qint64)> progress)
{
    auto tree = std::make_shared<CopyTree>();
    tree->context = context;
    tree->agent = agent;
    tree->from = local;
    tree->to = remote;
    tree->progress = std::move(progress);
    FileInfo root = localInfo(local + QStringLiteral("/.")); // a link at the top is followed
    root.path.clear();
    tree->folders << root;
    auto walking = offload([local] { return walkLocalTree(local); });
    const auto found = co_await std::move(walking);
    for (const auto &info : found)
        tree->sort(info);
    for (auto &folder : tree->folders)
        folder.mode &= 03777;
    const auto before = tree->failures.size();
    auto making = place(tree, permit, opened(tree->folders));
    co_await std::move(making);
    if (tree->fatal || tree->failures.size() > before) // files would only fail one by one
        co_return tree->result();
    auto looking = remoteInfos(tree, tree->files);
    const auto there = co_await std::move(looking);
    if (!there)
        co_return fail(there.error());
    tree->skipUnchanged(*there);
    auto copying = copyFiles(
        tree, [tree, permit](FileInfo file, std::function<void(qint64, qint64)> count) {
            return tree->agent->uploadFile(tree->context, permit, pathBelow(tree->from, file.path),
                pathBelow(tree->to, file.path), std::move(count));
        });
    co_await std::move(copying);
    auto linking = place(tree, permit, tree->links);
    co_await std::move(linking);
    auto closing = place(tree, permit, closed(tree->folders));
    co_await std::move(closing);
    tree->copied.folders = int(tree->folders.size());
    tree->copied.links = int(tree->links.size());
    co_return tree->result();
}

Task<Result<TreeCopied>> downloadTree(Context context, std::shared_ptr<AgentClient> agent,
    QString remote, QString local, std::function<void(qint64, qint64)> progress)
{
    auto tree = std::make_shared<CopyTree>();
    tree->context = context;
    tree->agent = agent;
    tree->from = remote;
    tree->to = local;
    tree->progress = std::move(progress);
    const QStringList top{remote + QStringLiteral("/.")};
    auto looking = agent->stat(context, top);
    const auto roots = co_await std::move(looking);
    if (!roots)
        co_return fail(roots.error());
    FileInfo root = roots->value(0);
    root.path.clear();
    root.kind = QStringLiteral("folder");
    tree->folders << root;
    auto walking = walkRemote(tree);
    co_await std::move(walking);
    if (tree->fatal)
        co_return tree->result();
    const auto before = tree->failures.size();
    auto making = placeHere(tree, opened(tree->folders));
    co_await std::move(making);
    if (tree->failures.size() > before)
        co_return tree->result();
    auto comparing = localInfos(tree, tree->files);
    const auto there = co_await std::move(comparing);
    tree->skipUnchanged(there);
    auto copying
        = copyFiles(tree, [tree](FileInfo file, std::function<void(qint64, qint64)> count) {
              return tree->agent->download(tree->context, pathBelow(tree->from, file.path),
                  pathBelow(tree->to, file.path), std::move(count));
          });
    co_await std::move(copying);
    // Links come last: nothing that was named by the node is ever written through one of them.
    if (!tree->fatal) {
        auto linking = placeHere(tree, tree->links);
        co_await std::move(linking);
        auto closing = placeHere(tree, closed(tree->folders));
        co_await std::move(closing);
    }
    tree->copied.folders = int(tree->folders.size());
    tree->copied.links = int(tree->links.size());
    co_return tree->result();
}

} // namespace pilothouse
