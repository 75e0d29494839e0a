// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/agentlink/treecopy.h"

#include "core/agentlink/localtree.h"
#include "core/base/foreachlimited.h"
#include "core/base/offload.h"

#include <QCoreApplication>
#include <QHash>

#include <algorithm>

namespace pilothouse {

namespace {

constexpr std::size_t filesAtOnce = 8;
constexpr qsizetype pathsPerStat = 500;

QString tr(const char *text)
{
    return QCoreApplication::translate("agentlink", text);
}

QString below(const QString &root, const QString &path)
{
    return root.endsWith(QLatin1Char('/')) ? root + path : root + QLatin1Char('/') + path;
}

/// One copy on its way. Its tasks share it, and it outlives them.
struct Tree {
    Context context;
    std::shared_ptr<AgentClient> agent;
    QString from, to;
    std::function<void(qint64, qint64)> progress;
    QList<FileInfo> folders, files, links; ///< paths relative; folders parents first, root is ""
    TreeCopied copied;
    qint64 done = 0, total = 0;
    QStringList failures; ///< "path: why"
    std::optional<Error> first; ///< of the failures
    std::optional<Error> fatal; ///< nothing more is begun

    void sort(const FileInfo &info)
    {
        if (info.kind == QLatin1String("folder"))
            folders << info;
        else if (info.kind == QLatin1String("file"))
            files << info;
        else if (info.kind == QLatin1String("link"))
            links << info;
        else if (info.error.isEmpty())
            copied.leftOut << info.path + QStringLiteral(": ")
                    + tr("neither file, folder nor link");
        else
            failed(info.path, Error{ErrorKind::Denied, QStringLiteral("copy"), info.error, {}, {}});
    }
    void failed(const QString &path, const Error &error)
    {
        const auto kind = error.kind;
        if (kind == ErrorKind::Unreachable || kind == ErrorKind::Cancelled
            || kind == ErrorKind::Timeout || kind == ErrorKind::NoSpace) {
            if (!fatal)
                fatal = error;
            return;
        }
        if (!first)
            first = error;
        failures << path + QStringLiteral(": ")
                + (error.cause.isEmpty() || error.cause == path ? error.message : error.cause);
    }
    void refused(const QString &path, const QString &why)
    {
        failed(path, Error{ErrorKind::Conflict, QStringLiteral("copy"), why, {}, {}});
    }
    /// Splits the files by what is there already; the unchanged ones are done.
    void skipUnchanged(const QHash<QString, FileInfo> &there)
    {
        QList<FileInfo> left;
        for (const auto &file : std::as_const(files)) {
            const auto known = there.value(file.path);
            if (known.kind == QLatin1String("file") && known.size == file.size
                && known.modifiedNs == file.modifiedNs && known.modifiedNs != 0
                && (known.mode & 0777) == (file.mode & 0777)) {
                ++copied.unchanged;
                continue;
            }
            total += qint64(file.size);
            left << file;
        }
        files = left;
    }
    Result<TreeCopied> result() const
    {
        if (fatal)
            return fail(*fatal);
        if (!first)
            return copied;
        Error error = *first;
        const auto all = failures.size() + copied.files + copied.unchanged + copied.links;
        error.message = tr("%1 of %2 could not be copied; the others are there.")
                            .arg(failures.size())
                            .arg(all);
        error.cause = failures.mid(0, 10).join(QLatin1Char('\n'));
        error.next = tr("Copy again when that is put right: what is there is not sent again.");
        return fail(error);
    }
};

using TreePointer = std::shared_ptr<Tree>;
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
        entry.path = entry.path.isEmpty() ? tree->to : below(tree->to, entry.path);
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

Task<Result<QHash<QString, FileInfo>>> remoteInfos(TreePointer tree)
{
    QHash<QString, FileInfo> infos;
    for (qsizetype at = 0; at < tree->files.size(); at += pathsPerStat) {
        const auto part = tree->files.mid(at, pathsPerStat);
        QStringList paths;
        for (const auto &file : part)
            paths << below(tree->to, file.path);
        auto looking = tree->agent->stat(tree->context, paths);
        const auto there = co_await std::move(looking);
        if (!there)
            co_return fail(there.error());
        for (qsizetype i = 0; i < there->size() && i < part.size(); ++i)
            infos.insert(part[i].path, there->at(i));
    }
    co_return infos;
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

/// "" when the name could lead elsewhere: it is one name below the folder, and no more.
QString safeName(const QString &path)
{
    const QString name = path.section(QLatin1Char('/'), -1);
    return name == QLatin1String(".") || name == QLatin1String("..") ? QString() : name;
}

Task<> walkRemoteFolder(
    TreePointer tree, QString folder, std::shared_ptr<std::vector<QString>> next)
{
    if (tree->fatal)
        co_return;
    const QString path = folder.isEmpty() ? tree->from : below(tree->from, folder);
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

/// Level by level, several folders of one level at once.
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

Task<> placeHere(TreePointer tree, QList<FileInfo> entries)
{
    auto placing = offload([to = tree->to, entries] {
        QList<QString> answers;
        QStringList blocked; // what is below those would be made behind a link
        for (const auto &entry : entries) {
            const QString path = entry.path.isEmpty() ? to : below(to, entry.path);
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
    auto tree = std::make_shared<Tree>();
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
    auto looking = remoteInfos(tree);
    const auto there = co_await std::move(looking);
    if (!there)
        co_return fail(there.error());
    tree->skipUnchanged(*there);
    auto copying
        = copyFiles(tree, [tree, permit](FileInfo file, std::function<void(qint64, qint64)> count) {
              return tree->agent->uploadFile(tree->context, permit, below(tree->from, file.path),
                  below(tree->to, file.path), std::move(count));
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
    auto tree = std::make_shared<Tree>();
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
    auto comparing = offload([to = local, files = tree->files] {
        QHash<QString, FileInfo> there;
        for (const auto &file : files)
            there.insert(file.path, localInfo(below(to, file.path)));
        return there;
    });
    const auto there = co_await std::move(comparing);
    tree->skipUnchanged(there);
    auto copying
        = copyFiles(tree, [tree](FileInfo file, std::function<void(qint64, qint64)> count) {
              return tree->agent->download(tree->context, below(tree->from, file.path),
                  below(tree->to, file.path), std::move(count));
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
