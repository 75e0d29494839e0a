// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/askpassserver.h"

#include <QFile>
#include <QRandomGenerator>
#include <QSocketNotifier>

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace pilothouse {

static constexpr qsizetype longestQuestion = 64 * 1024;

struct AskpassServer::Asker {
    Descriptor socket;
    std::unique_ptr<QSocketNotifier> notifier;
    QByteArray in;
    bool asked = false;
};

static QByteArray randomToken()
{
    QByteArray bytes(32, '\0');
    for (char &byte : bytes)
        byte = char(QRandomGenerator::system()->bounded(256));
    return bytes.toHex();
}

// Length by content never, so that the time taken tells nothing.
static bool sameToken(const QByteArray &a, const QByteArray &b)
{
    if (a.size() != b.size())
        return false;
    uchar difference = 0;
    for (qsizetype i = 0; i < a.size(); ++i)
        difference |= uchar(a[i] ^ b[i]);
    return difference == 0;
}

static bool isOurUser(int fd)
{
    ucred peer{};
    socklen_t size = sizeof peer;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == geteuid();
}

AskpassServer::AskpassServer(QString path, QObject *parent)
    : QObject(parent)
    , m_path(std::move(path))
    , m_token(randomToken())
{
    const QByteArray name = QFile::encodeName(m_path);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (name.size() >= qsizetype(sizeof address.sun_path))
        return;
    std::memcpy(address.sun_path, name.constData(), std::size_t(name.size()));
    Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket.valid()
        || ::bind(socket.get(), reinterpret_cast<sockaddr *>(&address), sizeof address) != 0
        || ::chmod(name.constData(), 0600) != 0 || ::listen(socket.get(), 16) != 0)
        return;
    m_listener = std::move(socket);
    m_notifier = std::make_unique<QSocketNotifier>(m_listener.get(), QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &AskpassServer::accept);
}

AskpassServer::~AskpassServer()
{
    m_askers.clear();
    m_notifier.reset();
    if (m_listener.valid())
        ::unlink(QFile::encodeName(m_path).constData());
}

void AskpassServer::accept()
{
    const int fd = ::accept4(m_listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return;
    auto asker = std::make_unique<Asker>();
    asker->socket = Descriptor(fd);
    if (!isOurUser(fd))
        return;
    const int id = m_nextId++;
    asker->notifier = std::make_unique<QSocketNotifier>(fd, QSocketNotifier::Read);
    connect(asker->notifier.get(), &QSocketNotifier::activated, this, [this, id] { read(id); });
    m_askers.emplace(id, std::move(asker));
}

// The three fields, once they are there in full.
static std::optional<std::array<QByteArray, 3>> fieldsOf(const QByteArray &in)
{
    std::array<QByteArray, 3> fields;
    qsizetype at = 0;
    for (QByteArray &field : fields) {
        quint32 size = 0;
        if (in.size() - at < qsizetype(sizeof size))
            return std::nullopt;
        std::memcpy(&size, in.constData() + at, sizeof size);
        at += qsizetype(sizeof size);
        if (in.size() - at < qsizetype(size))
            return std::nullopt;
        field = in.mid(at, size);
        at += size;
    }
    return fields;
}

void AskpassServer::read(int id)
{
    const auto found = m_askers.find(id);
    if (found == m_askers.end())
        return;
    Asker &asker = *found->second;
    std::array<char, 4096> buffer;
    const ssize_t got = ::recv(asker.socket.get(), buffer.data(), buffer.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0 || asker.in.size() > longestQuestion) {
        drop(id);
        return;
    }
    if (asker.asked)
        return;
    asker.in.append(buffer.data(), got);
    const auto fields = fieldsOf(asker.in);
    if (!fields)
        return;
    if (!sameToken((*fields)[0], m_token)) {
        drop(id);
        return;
    }
    asker.asked = true;
    Q_EMIT asked(id, QString::fromUtf8((*fields)[1]), QString::fromUtf8((*fields)[2]));
}

// The notifier may be the one that is calling us.
void AskpassServer::drop(int id)
{
    const auto found = m_askers.find(id);
    if (found == m_askers.end())
        return;
    const bool asked = found->second->asked;
    found->second->notifier->setEnabled(false);
    found->second->notifier.release()->deleteLater();
    m_askers.erase(found);
    if (asked)
        Q_EMIT withdrawn(id);
}

void AskpassServer::answer(int id, const std::optional<Secret> &secret)
{
    const auto found = m_askers.find(id);
    if (found == m_askers.end())
        return;
    QByteArray reply(1, secret ? '\0' : '\1');
    if (secret)
        reply += secret->reveal();
    ::send(found->second->socket.get(), reply.constData(), std::size_t(reply.size()), MSG_NOSIGNAL);
    reply.fill('\0');
    found->second->asked = false;
    drop(id);
}

} // namespace pilothouse
