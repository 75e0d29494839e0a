// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTcpServer>
#include <QTcpSocket>

namespace pilothouse {

/// A way to a port of 127.0.0.1 that can fall silent: then it swallows what comes from either side
/// and closes nothing, as a broken network does. Runs on the thread's event loop.
class Relay : public QTcpServer {
public:
    /// Leads to `port` until `setPort`.
    explicit Relay(quint16 port = 0)
        : m_to(port)
    {
        listen(QHostAddress::LocalHost);
        connect(this, &QTcpServer::newConnection, this, [this] {
            while (auto *client = nextPendingConnection())
                join(client);
        });
    }
    ~Relay() override
    {
        // Sockets end as children of the base class, when nobody may look at this any more.
        for (auto *socket : findChildren<QTcpSocket *>())
            socket->disconnect();
    }
    void setPort(quint16 port) { m_to = port; }
    /// Connections that are there now fall silent for good; later ones work.
    void silence() { ++m_silenced; }
    int swallowed() const { return m_swallowed; } ///< pieces that came to silent connections

private:
    void join(QTcpSocket *client)
    {
        auto *server = new QTcpSocket(client);
        pump(client, server, m_silenced);
        pump(server, client, m_silenced);
        connect(client, &QTcpSocket::disconnected, client, &QObject::deleteLater);
        server->connectToHost(QHostAddress::LocalHost, m_to);
    }
    void pump(QTcpSocket *from, QTcpSocket *to, int born)
    {
        connect(from, &QTcpSocket::readyRead, this, [=, this] {
            const QByteArray piece = from->readAll();
            if (born == m_silenced)
                to->write(piece);
            else
                ++m_swallowed;
        });
        connect(from, &QTcpSocket::disconnected, to, [=, this] {
            if (born == m_silenced)
                to->disconnectFromHost();
        });
    }

    quint16 m_to;
    int m_silenced = 0, m_swallowed = 0;
};

} // namespace pilothouse
