// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/sshagent.h"

#include "core/transport/bounded.h"
#include "core/transport/transport.h"
#include "core/transport/uvhandle.h"

#include <QtEndian>

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace pilothouse {

static constexpr quint32 longestAnswer = 256 * 1024;

static QByteArray bigEndian(quint32 value)
{
    QByteArray bytes(4, Qt::Uninitialized);
    qToBigEndian(value, bytes.data());
    return bytes;
}

static QByteArray wireString(const QByteArray &text)
{
    return bigEndian(quint32(text.size())) + text;
}

QByteArray agentFrame(const QByteArray &payload)
{
    return wireString(payload);
}

QByteArray agentAnswerWith(const AgentKey &key)
{
    return char(AgentKeys) + bigEndian(1) + wireString(key.blob) + wireString(key.comment.toUtf8());
}

Result<QList<AgentKey>> parseAgentKeys(const QByteArray &answer)
{
    const auto bad = [] {
        return fail(Error{ErrorKind::BadReply, QStringLiteral("authentication"),
            QCoreApplication::translate("transport", "The SSH agent gave an unreadable answer."),
            {}, QCoreApplication::translate("transport", "Check the agent with ssh-add -l.")});
    };
    if (answer.size() < 5 || uchar(answer[0]) != AgentKeys)
        return bad();
    qsizetype at = 1;
    const auto number = [&]() -> std::optional<quint32> {
        if (answer.size() - at < 4)
            return std::nullopt;
        at += 4;
        return qFromBigEndian<quint32>(answer.constData() + at - 4);
    };
    const auto text = [&]() -> std::optional<QByteArray> {
        const auto size = number();
        if (!size || answer.size() - at < qsizetype(*size))
            return std::nullopt;
        at += *size;
        return answer.mid(at - *size, *size);
    };
    QList<AgentKey> keys;
    const quint32 count = *number();
    for (quint32 i = 0; i < count; ++i) {
        const auto blob = text();
        const auto comment = blob ? text() : std::nullopt;
        if (!comment)
            return bad();
        AgentKey key;
        key.blob = *blob;
        key.comment = QString::fromUtf8(*comment);
        keys.append(key);
    }
    return keys;
}

namespace {

// One question to an agent. I/O thread only.
class AgentTalk : public std::enable_shared_from_this<AgentTalk> {
public:
    AgentTalk(QByteArray path, QByteArray request, Reply<QByteArray> reply)
        : m_path(std::move(path))
        , m_out(agentFrame(request))
        , m_reply(std::move(reply))
    {
    }

    void start()
    {
        struct stat info { };
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        if (m_path.size() >= qsizetype(sizeof address.sun_path)
            || ::stat(m_path.constData(), &info) != 0) {
            giveError(ErrorKind::NotFound,
                QCoreApplication::translate("transport", "There is no SSH agent."));
            return;
        }
        if (info.st_uid != geteuid() && info.st_uid != 0) {
            errno = EACCES;
            giveError(ErrorKind::Denied,
                QCoreApplication::translate("transport", "The SSH agent belongs to another user."));
            return;
        }
        std::memcpy(address.sun_path, m_path.constData(), std::size_t(m_path.size()));
        m_socket = Descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        if (::connect(m_socket.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address)
            != 0) {
            giveError(ErrorKind::NotFound,
                QCoreApplication::translate("transport", "There is no SSH agent."));
            return;
        }
        m_self = shared_from_this();
        m_poller = Poller(m_socket.get(), [this](int) {
            const auto self = shared_from_this();
            go();
        });
        go();
    }

    void stop()
    {
        m_poller.reset();
        m_socket = Descriptor();
        m_self.reset();
    }

private:
    void go()
    {
        while (!m_out.isEmpty()) {
            const ssize_t sent = ::send(
                m_socket.get(), m_out.constData(), std::size_t(m_out.size()), MSG_NOSIGNAL);
            if (sent < 0 && errno == EAGAIN) {
                m_poller.watch(Poller::Writable);
                return;
            }
            if (sent < 0) {
                giveError(ErrorKind::Unreachable, broken());
                return;
            }
            m_out.remove(0, sent);
        }
        m_poller.watch(Poller::Readable);
        std::array<char, 4096> buffer;
        ssize_t got = 0;
        while ((got = ::recv(m_socket.get(), buffer.data(), buffer.size(), 0)) > 0) {
            m_in.append(buffer.data(), got);
            if (m_in.size() < 4)
                continue;
            const auto size = qFromBigEndian<quint32>(m_in.constData());
            if (size > longestAnswer) {
                giveError(ErrorKind::BadReply, broken());
                return;
            }
            if (m_in.size() >= 4 + qsizetype(size)) {
                const auto self = shared_from_this();
                m_reply.finish(m_in.mid(4, size));
                stop();
                return;
            }
        }
        if (got == 0 || (errno != EAGAIN && errno != EINTR))
            giveError(ErrorKind::Unreachable, broken());
    }

    static QString broken()
    {
        return QCoreApplication::translate("transport", "The SSH agent hung up.");
    }

    void giveError(ErrorKind kind, const QString &message)
    {
        const auto self = shared_from_this();
        m_reply.finish(fail(Error{kind, QStringLiteral("authentication"), message,
            QString::fromUtf8(m_path) + QStringLiteral(": ")
                + QString::fromLocal8Bit(std::strerror(errno)),
            QCoreApplication::translate("transport", "Check the agent with ssh-add -l.")}));
        stop();
    }

    const QByteArray m_path;
    QByteArray m_out, m_in;
    const Reply<QByteArray> m_reply;
    Descriptor m_socket;
    Poller m_poller;
    std::shared_ptr<AgentTalk> m_self;
};

} // namespace

Task<Result<QByteArray>> askAgent(Context context, QString socket, QByteArray request)
{
    Reply<QByteArray> reply;
    auto talk = std::make_shared<AgentTalk>(socket.toUtf8(), std::move(request), reply);
    IoLoop::instance().post([talk] { talk->start(); });
    auto answer = bounded(
        std::move(context), reply, QStringLiteral("authentication"), [talk] { talk->stop(); });
    co_return co_await std::move(answer);
}

Task<Result<QList<AgentKey>>> agentKeys(Context context, QString socket)
{
    const QByteArray request(1, char(AgentListKeys));
    auto asking = askAgent(std::move(context), std::move(socket), request);
    const auto answer = co_await std::move(asking);
    if (!answer)
        co_return fail(answer.error());
    co_return parseAgentKeys(*answer);
}

} // namespace pilothouse
