// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/enginecontext.h"

#include <QCoreApplication>

namespace pilothouse {

std::shared_ptr<AgentClient> EngineContext::agent() const
{
    const auto link = links ? links->current() : nullptr;
    return link ? link->agent : nullptr;
}

Result<std::shared_ptr<CommandRunner>> EngineContext::runner() const
{
    if (commands) {
        if (auto runner = commands())
            return runner;
    } else if (auto client = agent()) {
        return std::make_shared<AgentCommands>(std::move(client), environment);
    }
    const auto link = links ? links->current() : nullptr;
    return fail(Error{ErrorKind::Unreachable, QStringLiteral("engine"),
        link ? QCoreApplication::translate("engines", "There is no agent on this host.")
             : QCoreApplication::translate("engines", "This target is not connected."),
        link ? link->without : QString(),
        QCoreApplication::translate("engines", "Connect it first.")});
}

} // namespace pilothouse
