// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/handshakegate.h"

#include "core/transport/bounded.h"

namespace pilothouse {

static constexpr int inAll = 32;
static constexpr int perServer = 8;

HandshakeGate &HandshakeGate::instance()
{
    static HandshakeGate gate;
    return gate;
}

bool HandshakeGate::room(const QString &server) const
{
    return m_inside < inAll && m_perServer.value(server) < perServer;
}

HandshakeGate::Place HandshakeGate::take(const QString &server)
{
    ++m_inside;
    ++m_perServer[server];
    return Place(nullptr, [this, server](void *) { leave(server); });
}

void HandshakeGate::leave(const QString &server)
{
    --m_inside;
    if (--m_perServer[server] == 0)
        m_perServer.remove(server);
    for (auto one = m_waiting.begin(); one != m_waiting.end();) {
        if (one->reply.isFinished()) { // stopped meanwhile
            one = m_waiting.erase(one);
        } else if (room(one->server)) {
            const Waiter next = *one;
            m_waiting.erase(one);
            next.reply.finish(take(next.server));
            return;
        } else {
            ++one;
        }
    }
}

Task<Result<HandshakeGate::Place>> HandshakeGate::enter(Context context, QString server)
{
    if (context.stopped())
        co_return fail(cancelled(QStringLiteral("tcp")));
    if (room(server))
        co_return take(server);
    Waiter waiter;
    waiter.server = server;
    m_waiting.push_back(waiter);
    auto waiting = bounded(context, waiter.reply, QStringLiteral("tcp"), {});
    co_return co_await std::move(waiting);
}

} // namespace pilothouse
