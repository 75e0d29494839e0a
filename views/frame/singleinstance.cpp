// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/singleinstance.h"

#include <QLocalServer>
#include <QLocalSocket>
#include <QLockFile>

namespace pilothouse {

SingleInstance::SingleInstance(const QString &socketPath, QObject *parent)
    : QObject(parent)
    , m_path(socketPath)
{
}

bool SingleInstance::claim()
{
    QLockFile lock(m_path + QStringLiteral(".lock"));
    lock.tryLock(2000); // two starts at once: one after the other
    QLocalSocket other;
    other.connectToServer(m_path);
    if (other.waitForConnected(500)) {
        other.write("raise\n");
        other.waitForBytesWritten(500);
        other.disconnectFromServer();
        return false;
    }
    QLocalServer::removeServer(m_path); // left by one that was killed
    m_server = new QLocalServer(this);
    m_server->setSocketOptions(QLocalServer::UserAccessOption);
    connect(m_server, &QLocalServer::newConnection, this, [this] {
        while (auto *socket = m_server->nextPendingConnection()) {
            connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
            connect(socket, &QLocalSocket::readyRead, this, [this, socket] {
                if (socket->readAll().startsWith("raise"))
                    Q_EMIT raiseWanted();
            });
        }
    });
    m_server->listen(m_path);
    return true;
}

} // namespace pilothouse
