// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/reply.h"
#include "core/base/task.h"

#include <QHash>

#include <list>
#include <memory>

namespace pilothouse {

/// Limits how many handshakes go on at a time: 32 in all, since each costs CPU on the I/O thread,
/// and 8 to one server, since sshd drops unauthenticated connections at random from 10 on
/// (MaxStartups). Main thread.
class HandshakeGate {
public:
    /// A place; given back when the last copy goes.
    using Place = std::shared_ptr<void>;
    static HandshakeGate &instance();
    /// Waits its turn. `server` is "host:port".
    Task<Result<Place>> enter(Context context, QString server);

private:
    struct Waiter {
        QString server;
        Reply<Place> reply;
    };
    bool room(const QString &server) const;
    Place take(const QString &server);
    void leave(const QString &server);

    int m_inside = 0;
    QHash<QString, int> m_perServer;
    std::list<Waiter> m_waiting;
};

} // namespace pilothouse
