// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/acts/actsupport.h"

#include "core/jobs/jobjson.h"
#include "core/session/workspace.h"

#include <QCoreApplication>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("acts", text);
}

Result<Target> targetOf(Services &services, const ActRequest &request)
{
    const auto known = services.workspace->target(request.target);
    if (known)
        return *known;
    return fail({ErrorKind::NotFound, QStringLiteral("targets"),
        tr("There is no target called “%1”.").arg(request.target), {},
        tr("Add it, or add a Host block to ~/.ssh/config.")});
}

Result<std::shared_ptr<const Link>> agentLink(Services &services, const QString &target)
{
    const auto known = services.workspace->target(target);
    const QString name = known ? known->name : target;
    const auto *session = known ? services.workspace->session(known->id) : nullptr;
    const auto link = session ? session->current() : nullptr;
    if (!link)
        return fail({ErrorKind::Unreachable, QStringLiteral("link"),
            tr("%1 is not connected.").arg(name), {}, tr("Connect to it first.")});
    if (!link->agent)
        return fail({ErrorKind::Unsupported, QStringLiteral("agent"),
            tr("This needs the agent, which does not run on %1.").arg(name), link->without, {}});
    return link;
}

Can canAlways(Services &, const ActRequest &)
{
    return Can::allowed();
}

Can canForTarget(Services &services, const ActRequest &request)
{
    return services.workspace->target(request.target) ? Can::allowed() : Can::absent();
}

Can canWithAgent(Services &services, const ActRequest &request)
{
    if (!services.workspace->target(request.target))
        return Can::absent();
    const auto link = agentLink(services, request.target);
    return link ? Can::allowed() : Can::refused(link.error().message);
}

QString parameter(const ActRequest &request, const char *name)
{
    return request.parameters.value(QLatin1String(name)).toString();
}

QString shellWords(const QStringList &words)
{
    return maskedWords(words).join(QLatin1Char(' '));
}

} // namespace pilothouse
