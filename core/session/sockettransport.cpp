// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/sockettransport.h"

#include <QCoreApplication>
#include <QFile>

#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("session", text);
}

static Error noShell()
{
    return {ErrorKind::Unsupported, QStringLiteral("command"),
        tr("This node is simulated: no command runs there."), {}, {}};
}

SocketTransport::SocketTransport(QString path)
    : m_path(std::move(path))
{
}

Task<Result<Output>> SocketTransport::run(Context, Command)
{
    co_return fail(noShell());
}

Task<Result<>> SocketTransport::upload(Context, QByteArray, QString, Progress)
{
    co_return fail(noShell());
}

Task<Result<std::shared_ptr<Descriptor>>> SocketTransport::open(Context, Command)
{
    Error error{ErrorKind::Unreachable, QStringLiteral("handshake"),
        tr("The simulated node does not answer."), {}, {}};
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const QByteArray name = QFile::encodeName(m_path);
    if (name.size() >= qsizetype(sizeof address.sun_path)) {
        error.cause = QString::fromLocal8Bit(std::strerror(ENAMETOOLONG));
        co_return fail(error);
    }
    std::memcpy(address.sun_path, name.constData(), std::size_t(name.size()) + 1);
    // Not waiting: a socket of this machine takes a connection at once or not at all.
    auto socket = std::make_shared<Descriptor>(
        ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const auto *plain = reinterpret_cast<const sockaddr *>(&address);
    if (!socket->valid() || ::connect(socket->get(), plain, sizeof address) != 0) {
        error.cause = m_path + QStringLiteral(": ") + QString::fromLocal8Bit(std::strerror(errno));
        co_return fail(error);
    }
    co_return socket;
}

} // namespace pilothouse
