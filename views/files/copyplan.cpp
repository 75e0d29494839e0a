// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/files/copyplan.h"

#include "core/agentlink/localtree.h"
#include "core/agentlink/treeplan.h"
#include "core/base/units.h"
#include "core/session/link.h"

#include <QCoreApplication>
#include <QFileInfo>

namespace pilothouse {

static constexpr qsizetype namesShown = 3;

static QString tr(const char *text)
{
    return QCoreApplication::translate("files", text);
}

static QString nameOf(const QString &path)
{
    return path.section(QLatin1Char('/'), -1);
}

/// The kinds of things at the items' places, a link to a folder counted as one.
static Task<Result<QStringList>> kindsThere(
    Context context, std::shared_ptr<const Link> link, QList<CopyItem> items, bool upload)
{
    QStringList kinds;
    if (!upload) {
        for (const auto &item : items)
            kinds << (QFileInfo(item.local).isDir() ? QStringLiteral("folder")
                                                    : localInfo(item.local).kind);
        co_return kinds;
    }
    QStringList paths;
    for (const auto &item : items)
        paths << item.remote << item.remote + QStringLiteral("/.");
    auto looking = link->agent->stat(context, paths);
    const auto there = co_await std::move(looking);
    if (!there)
        co_return fail(there.error());
    for (qsizetype i = 0; i < items.size(); ++i) {
        const bool folder = there->value(2 * i + 1).kind == QLatin1String("folder");
        kinds << (folder ? QStringLiteral("folder") : there->value(2 * i).kind);
    }
    co_return kinds;
}

/// Links to folders are copied as folders.
static Task<Result<QList<CopyItem>>> followed(
    Context context, std::shared_ptr<const Link> link, QList<CopyItem> items)
{
    QStringList paths;
    for (const auto &item : items) {
        if (item.link)
            paths << item.remote + QStringLiteral("/.");
    }
    if (paths.isEmpty())
        co_return items;
    auto looking = link->agent->stat(context, paths);
    const auto there = co_await std::move(looking);
    if (!there)
        co_return fail(there.error());
    for (auto &item : items) {
        const auto at = paths.indexOf(item.remote + QStringLiteral("/."));
        if (!item.link || there->value(at).kind != QLatin1String("folder"))
            continue;
        item.folder = true;
        item.local
            = item.local.section(QLatin1Char('/'), 0, -2) + QLatin1Char('/') + nameOf(item.remote);
    }
    co_return items;
}

static void add(CopyPlan &plan, const QString &name, const TreePlan &tree)
{
    const QString under = name + QLatin1Char('/');
    for (const auto &path : tree.replaced)
        plan.replaced << under + path;
    for (const auto &path : tree.blocked)
        plan.blocked << under + path;
    plan.files += tree.files;
    plan.unchanged += tree.unchanged;
    plan.bytes += tree.bytes;
    plan.intoFolder = true;
}

Task<Result<CopyPlan>> planCopies(
    Context context, std::shared_ptr<const Link> link, QList<CopyItem> items, bool upload)
{
    CopyPlan plan;
    auto following = followed(context, link, std::move(items));
    const auto all = co_await std::move(following);
    if (!all)
        co_return fail(all.error());
    items = *all;
    auto asking = kindsThere(context, link, items, upload);
    const auto kinds = co_await std::move(asking);
    if (!kinds)
        co_return fail(kinds.error());
    for (qsizetype i = 0; i < items.size(); ++i) {
        const CopyItem item = items[i];
        const QString kind = kinds->value(i), name = nameOf(upload ? item.remote : item.local);
        const bool folderThere = kind == QLatin1String("folder");
        if (!kind.isEmpty() && (item.folder != folderThere || kind == QLatin1String("other"))) {
            plan.blocked << name;
            continue;
        }
        plan.items << item;
        if (!item.folder && !kind.isEmpty())
            plan.replaced << name;
        if (!item.folder || kind.isEmpty())
            continue;
        auto looking = upload ? planUpload(context, link->agent, item.local, item.remote)
                              : planDownload(context, link->agent, item.remote, item.local);
        const auto tree = co_await std::move(looking);
        if (!tree)
            co_return fail(tree.error());
        add(plan, name, *tree);
    }
    co_return plan;
}

static QString listed(const QStringList &names)
{
    QString text = names.mid(0, namesShown).join(QStringLiteral(", "));
    if (names.size() > namesShown)
        text = tr("%1 and %2 more").arg(text).arg(names.size() - namesShown);
    return text;
}

QString planSentences(const CopyPlan &plan, const QString &where)
{
    QStringList sentences;
    if (!plan.replaced.isEmpty())
        sentences << tr("%1 in %2 will be replaced. This cannot be undone.")
                         .arg(listed(plan.replaced), where);
    if (!plan.blocked.isEmpty())
        sentences << tr("%1 in %2 will not be copied: another kind of thing has that name.")
                         .arg(listed(plan.blocked), where);
    if (plan.intoFolder)
        sentences << tr("Files to copy: %1 (%2); unchanged: %3.")
                         .arg(plan.files)
                         .arg(formatBytes(double(plan.bytes), false))
                         .arg(plan.unchanged);
    return sentences.join(QLatin1Char(' '));
}

} // namespace pilothouse
