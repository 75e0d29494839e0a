// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/alertnames.h"

#include "core/session/workspace.h"
#include "core/types/partition.h"

namespace pilothouse {

static QString deviceName(Workspace *workspace, const QString &target, const QString &device)
{
    if (!isGpuUuid(device))
        return device;
    const auto *session
        = workspace->openedSessions().contains(target) ? workspace->session(target) : nullptr;
    const auto link = session != nullptr ? session->current() : nullptr;
    if (link) {
        for (const Device &one : link->facts.devices) {
            if (one.uuid == device)
                return QStringLiteral("GPU %1").arg(one.index)
                    + (one.parent.isEmpty()
                            ? QString()
                            : QStringLiteral(" · ") + partitionName(one, link->facts.devices));
        }
    }
    return {}; // what is known of it stays
}

AlertLog::Namer namesFrom(Workspace *workspace)
{
    return [workspace](const QString &target, const QString &device) {
        const auto known = workspace->target(target);
        AlertLog::Names names;
        names.node = known ? known->name : target;
        names.device = deviceName(workspace, target, device);
        return names;
    };
}

} // namespace pilothouse
