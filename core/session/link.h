// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/agentlink/agentclient.h"
#include "core/session/nodeclock.h"
#include "core/transport/transport.h"
#include "core/types/target.h"

#include <QObject>

#include <memory>

namespace pilothouse {

/// One connected epoch of a target: immutable, shared. A new connection is a new Link.
struct Link {
    QString targetId;
    quint64 epoch = 0;
    std::shared_ptr<Transport> transport;
    std::shared_ptr<AgentClient> agent; ///< null when the daemon cannot run there (see `without`)
    NodeFacts facts;
    QString summary; ///< "mia@10.2.0.41 via bastion"
    QString transportWhy;
    QString without; ///< sentence why there is no agent; live basics come by plain commands
    qint64 roundTripNs = 0; ///< minimum seen
    std::shared_ptr<NodeClock> clock = std::make_shared<NodeClock>();
};

/// Where services get a target's current link from.
class LinkSource : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;
    virtual std::shared_ptr<const Link> current() const = 0; ///< null when not connected

Q_SIGNALS:
    void linkChanged(); ///< current() is another (or none) now
};

} // namespace pilothouse
