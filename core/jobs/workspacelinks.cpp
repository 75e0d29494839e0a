// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/jobservice.h"
#include "core/jobs/targetlinks.h"
#include "core/session/workspace.h"

namespace pilothouse {

namespace {

class WorkspaceLinks : public TargetLinks {
public:
    explicit WorkspaceLinks(Workspace *workspace)
        : m_workspace(workspace)
    {
        connect(workspace, &Workspace::sessionChanged, this, &TargetLinks::linkChanged);
    }

    QStringList targets() const override
    {
        QStringList ids;
        const auto all = m_workspace->targets();
        for (const auto &target : all)
            ids << target.id;
        return ids;
    }

    QString name(const QString &target) const override
    {
        const auto known = m_workspace->target(target);
        return known ? known->name : target;
    }

    std::shared_ptr<const Link> link(const QString &target) const override
    {
        const auto *session = m_workspace->opened(target);
        return session ? session->current() : nullptr;
    }

private:
    Workspace *m_workspace;
};

} // namespace

std::unique_ptr<TargetLinks> workspaceLinks(Workspace *workspace)
{
    return std::make_unique<WorkspaceLinks>(workspace);
}

JobService::JobService(Workspace *workspace, Ledger *ledger, QObject *parent)
    : JobService(workspaceLinks(workspace), ledger, parent)
{
}

} // namespace pilothouse
