// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/libsshconnect.h"

#include "core/base/offload.h"
#include "core/transport/handshakegate.h"
#include "core/transport/hostkeycheck.h"
#include "core/transport/jumphosts.h"
#include "core/transport/libsshauth.h"
#include "core/transport/libsshoptions.h"
#include "core/transport/libsshpump.h"
#include "core/transport/libsshtransport.h"
#include "core/transport/stageclock.h"
#include "core/transport/tcpdial.h"

#include <QtEndian>

#include <fcntl.h>
#include <libssh/libssh.h>

namespace pilothouse {

// OpenSSH waits for ever by default; a person at a window does not.
static constexpr int defaultConnectSeconds = 15;

QString displayName(const ResolvedHost &host)
{
    const QString name = host.user + QLatin1Char('@') + host.hostName;
    return host.port == 22 ? name : name + QLatin1Char(':') + QString::number(host.port);
}

static Task<Result<Dialled>> forward(
    Context context, std::shared_ptr<SshSession> via, std::shared_ptr<ResolvedHost> host)
{
    Reply<std::shared_ptr<Descriptor>> reply;
    auto channel = std::make_shared<SshForward>(host->hostName, host->port, reply);
    IoLoop::instance().post([via, channel] { via->add(channel); });
    auto opening = bounded(context, reply, QStringLiteral("tcp"), [channel] { channel->abort(); });
    const auto socket = co_await std::move(opening);
    if (!socket)
        co_return fail(socket.error());
    const int fd = (*socket)->get();
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    Dialled dialled;
    dialled.socket = *socket;
    dialled.address = QCoreApplication::translate("transport", "%1:%2 from %3")
                          .arg(host->hostName)
                          .arg(host->port)
                          .arg(via->name());
    co_return dialled;
}

static Result<HostKey> shownKey(SshSession &session)
{
    ssh_key key = nullptr;
    char *text = nullptr;
    const bool have = ssh_get_server_publickey(session.raw(), &key) == SSH_OK
        && ssh_pki_export_pubkey_base64(key, &text) == SSH_OK;
    HostKey shown;
    if (have)
        shown.blob = QByteArray::fromBase64(text);
    ssh_string_free_char(text);
    ssh_key_free(key);
    // A key blob begins with its own type's name.
    if (shown.blob.size() < 4)
        return fail(Error{ErrorKind::BadReply, QStringLiteral("host_key"),
            QCoreApplication::translate("transport", "The server's key cannot be read."),
            session.rawError(), {}});
    shown.type = QString::fromLatin1(
        shown.blob.mid(4, qsizetype(qFromBigEndian<quint32>(shown.blob.constData()))));
    return shown;
}

// Key exchange; the server's key comes out, proven to be its own but not yet judged.
static Task<Result<HostKey>> exchangeKeys(Context context, std::shared_ptr<SshSession> session,
    std::shared_ptr<ResolvedHost> host, QStringList knownTypes)
{
    auto started = std::make_shared<bool>(false);
    auto going = attempt<HostKey>(context, session, QStringLiteral("host_key"),
        [host, knownTypes, started](SshSession &s) -> std::optional<Result<HostKey>> {
            if (!std::exchange(*started, true)) {
                const auto set = setOptions(s.raw(), *host, knownTypes);
                if (!set)
                    return fail(set.error());
                s.handOverSocket();
            }
            const int rc = ssh_connect(s.raw());
            if (rc == SSH_AGAIN)
                return std::nullopt;
            if (rc == SSH_OK)
                return shownKey(s);
            const QString cause = s.rawError();
            Error error{ErrorKind::Unreachable, QStringLiteral("host_key"),
                QCoreApplication::translate(
                    "transport", "%1 ended the connection during the key exchange.")
                    .arg(s.name()),
                cause, QCoreApplication::translate("transport", "Try again.")};
            if (cause.contains(QLatin1String("kex error"))
                || cause.contains(QLatin1String("no match for method"))) {
                error.kind = ErrorKind::Unsupported;
                error.message = QCoreApplication::translate(
                    "transport", "libssh and %1 have no algorithm in common.")
                                    .arg(s.name());
                error.next = QCoreApplication::translate(
                    "transport", "Use the system's ssh for this host.");
            } else if (cause.contains(QLatin1String("Socket error: Success"))) {
                // OpenSSH hangs up when it has read our list and can use nothing of it; whether
                // libssh sees its list first is chance.
                error.kind = ErrorKind::Unsupported;
                error.message = QCoreApplication::translate("transport",
                    "%1 hung up on libssh's algorithms: probably no algorithm in common.")
                                    .arg(s.name());
                error.next = QCoreApplication::translate(
                    "transport", "Use the system's ssh for this host.");
            }
            return fail(error);
        });
    co_return co_await std::move(going);
}

Task<Result<std::shared_ptr<SshSession>>> establish(Context context,
    std::shared_ptr<ResolvedHost> host, std::shared_ptr<SshSession> via, Prompter *prompter,
    StageSink report)
{
    const std::chrono::seconds limit(
        host->connectTimeoutSeconds > 0 ? host->connectTimeoutSeconds : defaultConnectSeconds);
    const QString server = QStringLiteral("%1:%2").arg(host->hostName).arg(host->port);

    StageClock tcp(report, Stage::Tcp);
    auto entering = HandshakeGate::instance().enter(context, server);
    auto place = co_await std::move(entering);
    if (!place)
        co_return fail(tcp.failed(place.error()));
    auto dialling = via ? forward(context.within(limit), via, host)
                        : dial(context, host->hostName, host->port, host->addressFamily, limit);
    const auto dialled = co_await std::move(dialling);
    if (!dialled)
        co_return fail(tcp.failed(dialled.error()));
    tcp.done(dialled->address);

    StageClock banner(report, Stage::Banner);
    auto reading = readBanner(context, dialled->socket, server, limit);
    const auto software = co_await std::move(reading);
    if (!software)
        co_return fail(banner.failed(software.error()));
    banner.done(*software);

    StageClock hostKey(report, Stage::HostKey);
    QStringList knownTypes;
    if (host->knownKeyTypes) {
        knownTypes = *host->knownKeyTypes;
    } else {
        auto looking = offload([files = knownHostsFiles(*host), name = knownHostsNameOf(*host)] {
            return lookUpHost(files, name).knownTypes;
        });
        knownTypes = co_await std::move(looking);
    }
    auto session
        = SshSession::create(Descriptor(dialled->socket->release()), displayName(*host), via);
    // Whatever ends this coroutine early ends the session; nobody else has it yet.
    auto exchanging = exchangeKeys(context.within(limit), session, host, knownTypes);
    const auto key = co_await std::move(exchanging);
    if (!key)
        co_return fail(hostKey.failed(key.error()));
    auto checking = checkHostKey(context, host, *key, prompter);
    const auto verdict = co_await std::move(checking);
    if (!verdict) {
        session->close();
        co_return fail(hostKey.failed(verdict.error()));
    }
    hostKey.done(*verdict);

    StageClock authentication(report, Stage::Authentication);
    auto login = authenticate(context, session, host, prompter);
    const auto won = co_await std::move(login);
    place->reset();
    if (!won) {
        session->close();
        co_return fail(authentication.failed(won.error()));
    }
    IoLoop::instance().post(
        [session, every = host->serverAliveInterval, count = host->serverAliveCountMax] {
            if (session->alive())
                session->setReady(every, count);
        });
    authentication.done(*won);
    co_return session;
}

Task<Result<Connected>> connectLibssh(Context context, Target, std::shared_ptr<ResolvedHost> host,
    Prompter *prompter, StageSink report)
{
    auto chain = connectJumps(context, host->jumps, prompter, report);
    const auto via = co_await std::move(chain);
    if (!via)
        co_return fail(via.error());
    auto establishing = establish(context, host, *via, prompter, report);
    const auto session = co_await std::move(establishing);
    if (!session)
        co_return fail(session.error());
    Connected connected;
    connected.transport = std::make_shared<LibsshTransport>(*session);
    connected.summary = displayName(*host);
    if (!host->jumps.isEmpty())
        connected.summary
            += QCoreApplication::translate("transport", " via %1").arg(jumpNames(host->jumps));
    co_return connected;
}

} // namespace pilothouse
