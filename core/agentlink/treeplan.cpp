// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/agentlink/treeplan.h"

#include "core/agentlink/localtree.h"
#include "core/agentlink/treewalk.h"
#include "core/base/offload.h"

namespace pilothouse {

static TreePlan planOf(const CopyTree &tree, const QHash<QString, FileInfo> &there)
{
    TreePlan plan;
    for (const auto &file : tree.files) {
        const auto known = there.value(file.path);
        if (isUnchanged(file, known)) {
            ++plan.unchanged;
            continue;
        }
        if (known.kind == QLatin1String("folder") || known.kind == QLatin1String("other")) {
            plan.blocked << file.path;
            continue;
        }
        if (!known.kind.isEmpty())
            plan.replaced << file.path;
        ++plan.files;
        plan.bytes += qint64(file.size);
    }
    for (const auto &link : tree.links) {
        const auto known = there.value(link.path);
        if (known.kind == QLatin1String("link") && known.linkTarget != link.linkTarget)
            plan.replaced << link.path;
        else if (!known.kind.isEmpty() && known.kind != QLatin1String("link"))
            plan.blocked << link.path;
    }
    for (const auto &folder : tree.folders) {
        const auto known = there.value(folder.path);
        if (!known.kind.isEmpty() && known.kind != QLatin1String("folder"))
            plan.blocked << folder.path;
    }
    return plan;
}

static QList<FileInfo> entriesOf(const CopyTree &tree)
{
    return tree.files + tree.links + tree.folders;
}

Task<Result<TreePlan>> planUpload(
    Context context, std::shared_ptr<AgentClient> agent, QString local, QString remote)
{
    auto tree = std::make_shared<CopyTree>();
    tree->context = context;
    tree->agent = agent;
    tree->from = local;
    tree->to = remote;
    auto walking = offload([local] { return walkLocalTree(local); });
    const auto found = co_await std::move(walking);
    for (const auto &info : found)
        tree->sort(info);
    auto looking = remoteInfos(tree, entriesOf(*tree));
    const auto there = co_await std::move(looking);
    if (!there)
        co_return fail(there.error());
    co_return planOf(*tree, *there);
}

Task<Result<TreePlan>> planDownload(
    Context context, std::shared_ptr<AgentClient> agent, QString remote, QString local)
{
    auto tree = std::make_shared<CopyTree>();
    tree->context = context;
    tree->agent = agent;
    tree->from = remote;
    tree->to = local;
    auto walking = walkRemote(tree);
    co_await std::move(walking);
    if (tree->fatal)
        co_return fail(*tree->fatal);
    auto looking = localInfos(tree, entriesOf(*tree));
    const auto there = co_await std::move(looking);
    co_return planOf(*tree, there);
}

} // namespace pilothouse
