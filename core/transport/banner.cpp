// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/tcpdial.h"

#include "core/transport/bounded.h"
#include "core/transport/uvhandle.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>

namespace pilothouse {

QString bannerSoftware(const QByteArray &line)
{
    const QByteArray text = line.trimmed();
    for (const char *protocol : {"SSH-2.0-", "SSH-1.99-"})
        if (text.startsWith(protocol))
            return QString::fromUtf8(text.mid(qsizetype(std::strlen(protocol))))
                .replace(QLatin1String("OpenSSH_"), QLatin1String("OpenSSH "));
    return {};
}

namespace {

constexpr qsizetype longestBefore = 8192; // of lines before the version line

// Control bytes as a person can read them.
QString shown(const QByteArray &text)
{
    QString result;
    for (const char c : text.left(200)) {
        if (c == '\n')
            result += QStringLiteral("\\n");
        else if (c == '\r')
            result += QStringLiteral("\\r");
        else if (uchar(c) < 32 || uchar(c) > 126)
            result += QStringLiteral("\\x%1").arg(uchar(c), 2, 16, QLatin1Char('0'));
        else
            result += QLatin1Char(c);
    }
    return result;
}

// I/O thread only. Looks with MSG_PEEK and takes only what libssh must not see.
class BannerReader : public std::enable_shared_from_this<BannerReader> {
public:
    BannerReader(std::shared_ptr<Descriptor> socket, QString where, Reply<QString> reply)
        : m_socket(std::move(socket))
        , m_where(std::move(where))
        , m_reply(std::move(reply))
    {
    }
    void start()
    {
        m_poller = Poller(m_socket->get(), [self = weak_from_this()](int) {
            if (const auto reader = self.lock())
                reader->look();
        });
        m_self = shared_from_this();
        m_poller.watch(Poller::Readable);
    }
    void stop()
    {
        m_poller.reset();
        m_patience.reset();
        m_self.reset();
    }

private:
    void look()
    {
        const auto self = shared_from_this();
        std::array<char, 1024> buffer;
        const ssize_t got
            = ::recv(m_socket->get(), buffer.data(), buffer.size(), MSG_PEEK | MSG_DONTWAIT);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (got <= 0) {
            closed(got < 0 ? errno : 0);
            return;
        }
        const QByteArray seen(buffer.data(), got);
        if (const auto end = seen.indexOf('\n'); end >= 0 && seen.startsWith("SSH-")) {
            const QString software = bannerSoftware(seen.left(end));
            if (software.isEmpty())
                foreign(seen.left(end + 1));
            else
                give(software);
            return;
        } else if (end >= 0 && m_before.size() <= longestBefore) {
            m_before += seen.left(end + 1);
            ::recv(m_socket->get(), buffer.data(), std::size_t(end) + 1, MSG_DONTWAIT);
            // The version line may follow; something else than SSH waits for us instead.
            m_patience.start(
                std::chrono::seconds(2), [reader = shared_from_this()] { reader->foreign({}); });
            return;
        }
        if (seen.size() == qsizetype(buffer.size()) || m_before.size() > longestBefore
            || ++m_looks > 100) {
            foreign(seen);
            return;
        }
        // A part of a line stays in the socket and would wake us for ever: look again soon.
        m_poller.watch(Poller::None);
        m_patience.start(std::chrono::milliseconds(20),
            [reader = shared_from_this()] { reader->m_poller.watch(Poller::Readable); });
    }

    void closed(int error)
    {
        if (!m_before.isEmpty()) {
            foreign({});
            return;
        }
        give(fail(Error{ErrorKind::Unreachable, QStringLiteral("banner"),
            QCoreApplication::translate(
                "transport", "%1 closed the connection before it said anything.")
                .arg(m_where),
            error ? QString::fromLocal8Bit(std::strerror(error)) : QStringLiteral("end of stream"),
            QCoreApplication::translate("transport",
                "The server may limit new connections (MaxStartups) or block this address. "
                "Try again in a moment.")}));
    }

    void foreign(const QByteArray &more)
    {
        give(fail(Error{ErrorKind::BadReply, QStringLiteral("banner"),
            QCoreApplication::translate("transport", "What answers at %1 is not an SSH server.")
                .arg(m_where),
            shown(m_before + more),
            QCoreApplication::translate(
                "transport", "Check the port in your SSH configuration.")}));
    }

    void give(Result<QString> result)
    {
        const auto self = shared_from_this();
        stop();
        m_reply.finish(std::move(result));
    }

    const std::shared_ptr<Descriptor> m_socket;
    const QString m_where;
    const Reply<QString> m_reply;
    QByteArray m_before;
    int m_looks = 0;
    Poller m_poller;
    LoopTimer m_patience;
    std::shared_ptr<BannerReader> m_self;
};

} // namespace

Task<Result<QString>> readBanner(
    Context context, std::shared_ptr<Descriptor> socket, QString where, std::chrono::seconds limit)
{
    Reply<QString> reply;
    auto reader = std::make_shared<BannerReader>(std::move(socket), where, reply);
    IoLoop::instance().post([reader] { reader->start(); });
    auto answer = bounded(
        context.within(limit), reply, QStringLiteral("banner"), [reader] { reader->stop(); });
    auto banner = co_await std::move(answer);
    if (!banner && banner.error().kind == ErrorKind::Timeout) {
        Error error = banner.error();
        error.message
            = QCoreApplication::translate("transport", "%1 accepts connections but says nothing.")
                  .arg(where);
        error.cause = QStringLiteral("no version line in time");
        error.next = QCoreApplication::translate("transport",
            "Check that this is the port of the SSH server; it may also be overloaded.");
        co_return fail(error);
    }
    co_return banner;
}

} // namespace pilothouse
