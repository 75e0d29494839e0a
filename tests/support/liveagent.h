// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/agentlink/agentchannel.h"
#include "core/agentlink/deploy.h"
#include "core/transport/localtransport.h"
#include "tests/support/agenthome.h"
#include "tests/support/permitfortests.h"

#include <QSysInfo>

namespace pilothouse {

/// A client on the real agent of an AgentHome, deployed there over a local transport.
struct LiveAgent {
    std::shared_ptr<Transport> transport;
    std::unique_ptr<AgentClient> client;
    QString trouble; ///< why there is no client
};

inline LiveAgent connectAgent()
{
    LiveAgent live;
    live.transport = std::make_shared<LocalTransport>();
    const auto probe = QCoro::waitFor(probeHost(Context(), live.transport));
    if (!probe) {
        live.trouble = probe.error().message;
        return live;
    }
    QString path = probe->agentPath;
    if (path.isEmpty()) {
        const auto binary = agentBinaryFor(probe->arch);
        if (!binary) {
            live.trouble = QStringLiteral("the bundled agent is missing: build pilothouse-agent");
            return live;
        }
        const auto deployed = QCoro::waitFor(deployAgent(
            Context(), PermitForTests::make(), live.transport, *probe, *binary, Progress()));
        if (!deployed) {
            live.trouble = deployed.error().message + deployed.error().cause;
            return live;
        }
        path = *deployed;
    }
    const Command connect(path, QStringList{QStringLiteral("connect")});
    const auto opened = QCoro::waitFor(live.transport->open(Context(), connect));
    if (!opened) {
        live.trouble = opened.error().message;
        return live;
    }
    const auto magic = QCoro::waitFor(awaitMagic(Context(), (*opened)->get()));
    if (!magic) {
        live.trouble = magic.error().message + magic.error().cause
            + QString::fromUtf8((*opened)->end() ? (*opened)->end()->err() : QByteArray());
        return live;
    }
    live.client = makeAgentClient(std::move(**opened));
    return live;
}

} // namespace pilothouse
