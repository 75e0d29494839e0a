// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/tcpdial.h"

#include "core/transport/bounded.h"
#include "core/transport/uvhandle.h"

#include <cerrno>
#include <cstring>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <uv.h>
#include <vector>

namespace pilothouse {

namespace {

QString addressText(const sockaddr *address, socklen_t size)
{
    char host[NI_MAXHOST], port[NI_MAXSERV];
    if (getnameinfo(
            address, size, host, sizeof host, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV)
        != 0)
        return {};
    const QString name = QString::fromLatin1(host);
    return (name.contains(QLatin1Char(':')) ? QStringLiteral("[%1]:%2") : QStringLiteral("%1:%2"))
        .arg(name, QString::fromLatin1(port));
}

// One dialling, from name to socket. I/O thread only; keeps itself alive until it has ended.
class Dial : public std::enable_shared_from_this<Dial> {
public:
    Dial(QString host, quint16 port, int family, Reply<Dialled> reply)
        : m_host(std::move(host))
        , m_port(port)
        , m_family(family)
        , m_reply(std::move(reply))
    {
    }

    void start()
    {
        m_self = shared_from_this();
        addrinfo hints{};
        hints.ai_family = m_family;
        hints.ai_socktype = SOCK_STREAM;
        const QByteArray name = m_host.toUtf8(), port = QByteArray::number(m_port);
        // An address needs no lookup, which would wake two threads.
        hints.ai_flags = AI_NUMERICSERV | AI_NUMERICHOST;
        addrinfo *known = nullptr;
        if (::getaddrinfo(name.constData(), port.constData(), &hints, &known) == 0) {
            resolved(0, known);
            ::freeaddrinfo(known);
            return;
        }
        hints.ai_flags = AI_NUMERICSERV;
        auto *request = new Lookup{{}, shared_from_this()};
        const int failed = uv_getaddrinfo(
            IoLoop::instance().raw(), &request->request,
            [](uv_getaddrinfo_t *raw, int status, addrinfo *found) {
                const std::unique_ptr<Lookup> request(reinterpret_cast<Lookup *>(raw));
                request->dial->resolved(status, found);
                uv_freeaddrinfo(found);
            },
            name.constData(), port.constData(), &hints);
        if (failed != 0) {
            delete request;
            resolved(failed, nullptr);
        }
    }

    void stop()
    {
        const auto self = std::move(m_self);
        m_ended = true;
        m_next.reset();
        m_tries.clear();
    }

private:
    struct Lookup {
        uv_getaddrinfo_t request; // first: libuv gives its address back
        std::shared_ptr<Dial> dial;
    };
    struct Try {
        Descriptor socket;
        Poller poller; // dies before the socket
        QString address;
    };
    struct Address {
        sockaddr_storage storage{};
        socklen_t size = 0;
    };

    void resolved(int status, const addrinfo *found)
    {
        if (m_ended)
            return;
        if (status != 0) {
            give(fail(Error{ErrorKind::Unreachable, QStringLiteral("tcp"),
                QCoreApplication::translate("transport", "The name %1 is not known.").arg(m_host),
                QString::fromUtf8(uv_strerror(status)),
                QCoreApplication::translate("transport",
                    "Check the HostName in your SSH configuration, and that the VPN or DNS "
                    "that knows it is up.")}));
            return;
        }
        for (const addrinfo *one = found; one; one = one->ai_next) {
            Address address;
            address.size = socklen_t(one->ai_addrlen);
            std::memcpy(&address.storage, one->ai_addr, one->ai_addrlen);
            m_addresses.push_back(address);
        }
        tryNext();
    }

    void tryNext()
    {
        while (!m_ended && m_index < m_addresses.size()) {
            const Address &address = m_addresses[m_index++];
            const auto *raw = reinterpret_cast<const sockaddr *>(&address.storage);
            auto one = std::make_shared<Try>();
            one->address = addressText(raw, address.size);
            one->socket = Descriptor(
                ::socket(raw->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
            if (!one->socket.valid()
                || (::connect(one->socket.get(), raw, address.size) != 0 && errno != EINPROGRESS)) {
                note(one->address, errno);
                continue;
            }
            one->poller = Poller(
                one->socket.get(), [self = weak_from_this(), weak = std::weak_ptr(one)](int) {
                    const auto dial = self.lock();
                    const auto one = weak.lock();
                    if (dial && one)
                        dial->answered(one);
                });
            one->poller.watch(Poller::Writable);
            m_tries.push_back(one);
            if (m_index < m_addresses.size())
                m_next.start(std::chrono::milliseconds(300),
                    [self = shared_from_this()] { self->tryNext(); });
            return;
        }
        if (!m_ended && m_tries.empty())
            giveUp();
    }

    void answered(const std::shared_ptr<Try> &one)
    {
        int error = 0;
        socklen_t size = sizeof error;
        getsockopt(one->socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
        if (error == 0) {
            one->poller.reset();
            const int yes = 1;
            setsockopt(one->socket.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
            setsockopt(one->socket.get(), SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
            Dialled dialled;
            dialled.socket = std::make_shared<Descriptor>(std::move(one->socket));
            dialled.address = one->address;
            give(std::move(dialled));
            return;
        }
        note(one->address, error);
        std::erase(m_tries, one);
        tryNext();
    }

    void note(const QString &address, int error)
    {
        m_refused = m_refused || error == ECONNREFUSED;
        m_cause << address + QStringLiteral(": ") + QString::fromLocal8Bit(std::strerror(error));
    }

    void giveUp()
    {
        const QString message = m_refused
            ? QCoreApplication::translate("transport", "Nothing listens on port %2 of %1.")
            : QCoreApplication::translate("transport", "%1 cannot be reached on port %2.");
        const QString next = m_refused ? QCoreApplication::translate(
                                 "transport", "Check the port, and that the SSH server runs there.")
                                       : QCoreApplication::translate("transport",
                                           "Check the network, VPN and firewall on the way.");
        give(fail(Error{ErrorKind::Unreachable, QStringLiteral("tcp"),
            message.arg(m_host).arg(m_port), m_cause.join(QStringLiteral("; ")), next}));
    }

    void give(Result<Dialled> result)
    {
        const auto self = shared_from_this();
        stop();
        m_reply.finish(std::move(result));
    }

    const QString m_host;
    const quint16 m_port;
    const int m_family;
    const Reply<Dialled> m_reply;
    std::vector<Address> m_addresses;
    std::size_t m_index = 0;
    std::vector<std::shared_ptr<Try>> m_tries;
    LoopTimer m_next;
    QStringList m_cause;
    bool m_refused = false, m_ended = false;
    std::shared_ptr<Dial> m_self; // until it has ended
};

} // namespace

Task<Result<Dialled>> dial(
    Context context, QString host, quint16 port, QString family, std::chrono::seconds limit)
{
    const int wanted = family == QLatin1String("inet") ? AF_INET
        : family == QLatin1String("inet6")             ? AF_INET6
                                                       : AF_UNSPEC;
    Reply<Dialled> reply;
    auto dialling = std::make_shared<Dial>(host, port, wanted, reply);
    IoLoop::instance().post([dialling] { dialling->start(); });
    auto answer = bounded(
        context.within(limit), reply, QStringLiteral("tcp"), [dialling] { dialling->stop(); });
    auto dialled = co_await std::move(answer);
    if (!dialled && dialled.error().kind == ErrorKind::Timeout) {
        Error error = dialled.error();
        error.message = QCoreApplication::translate("transport", "%1 does not answer on port %2.")
                            .arg(host)
                            .arg(port);
        error.cause = QStringLiteral("connect: no answer in time");
        error.next = QCoreApplication::translate("transport",
            "Check that the host is up, and the network, VPN and firewall on the way.");
        co_return fail(error);
    }
    co_return dialled;
}

} // namespace pilothouse
