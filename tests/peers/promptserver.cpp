// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/peers/promptserver.h"

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include <libssh/libssh.h>
#include <libssh/server.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

// The calls that replaced these need callbacks and an event loop; a thread per peer is simpler.
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace pilothouse {

struct PromptServer::Private {
    QByteArray hostKey;
    Script script;
    int listener = -1;
    quint16 port = 0;
    std::atomic<int> requests = 0;
    std::atomic<bool> stopping = false;
    std::thread thread;
    std::mutex mutex;
    std::vector<int> sockets; // guarded by mutex
    std::vector<std::thread> peers;

    void listen();
    void serve(int fd);
    bool authenticate(ssh_session session);
    void runCommands(ssh_session session);
    int methods() const;
    void ask(ssh_message message, qsizetype round) const;
};

int PromptServer::Private::methods() const
{
    return (script.password.isEmpty() ? 0 : int(SSH_AUTH_METHOD_PASSWORD))
        | (script.rounds.isEmpty() || script.both ? 0 : int(SSH_AUTH_METHOD_INTERACTIVE));
}

void PromptServer::Private::ask(ssh_message message, qsizetype round) const
{
    std::vector<const char *> prompts;
    std::vector<char> echoes;
    for (const Field &field : script.rounds[round]) {
        prompts.push_back(field.prompt.constData());
        echoes.push_back(char(field.echo));
    }
    ssh_message_auth_interactive_request(message, "Sign in", "Look at your device.",
        unsigned(prompts.size()), prompts.data(), echoes.data());
}

/// Null when the client has gone. libssh would wait for ever on a socket it has closed by itself.
static ssh_message nextMessage(ssh_session session)
{
    return ssh_is_connected(session) ? ssh_message_get(session) : nullptr;
}

bool PromptServer::Private::authenticate(ssh_session session)
{
    int offered = methods();
    qsizetype round = 0;
    while (ssh_message message = nextMessage(session)) {
        bool done = false, answered = false;
        if (ssh_message_type(message) == SSH_REQUEST_AUTH) {
            ++requests;
            const int kind = ssh_message_subtype(message);
            if (kind == SSH_AUTH_METHOD_PASSWORD && (offered & kind)
                && script.password == ssh_message_auth_password(message)) {
                done = !script.both;
                answered = true;
                offered = SSH_AUTH_METHOD_INTERACTIVE;
                ssh_message_auth_set_methods(message, offered);
                ssh_message_auth_reply_success(message, script.both ? 1 : 0);
            } else if (kind == SSH_AUTH_METHOD_INTERACTIVE && (offered & kind)) {
                if (!ssh_message_auth_kbdint_is_response(message)) {
                    round = 0;
                    answered = true;
                    ask(message, 0);
                } else {
                    const auto &fields = script.rounds[round];
                    bool right = ssh_userauth_kbdint_getnanswers(session) == fields.size();
                    for (qsizetype i = 0; right && i < fields.size(); ++i)
                        right = fields[i].answer
                            == ssh_userauth_kbdint_getanswer(session, unsigned(i));
                    if (right && ++round == script.rounds.size()) {
                        done = answered = true;
                        ssh_message_auth_reply_success(message, 0);
                    } else if (right) {
                        answered = true;
                        ask(message, round);
                    }
                }
            }
            if (!answered)
                ssh_message_auth_set_methods(message, offered);
        }
        if (!answered)
            ssh_message_reply_default(message);
        ssh_message_free(message);
        if (done)
            return true;
    }
    return false;
}

void PromptServer::Private::runCommands(ssh_session session)
{
    ssh_channel channel = nullptr;
    while (ssh_message message = nextMessage(session)) {
        if (ssh_message_type(message) == SSH_REQUEST_CHANNEL_OPEN) {
            channel = ssh_message_channel_request_open_reply_accept(message);
        } else if (ssh_message_type(message) == SSH_REQUEST_CHANNEL
            && ssh_message_subtype(message) == SSH_CHANNEL_REQUEST_EXEC && channel) {
            ssh_message_channel_request_reply_success(message);
            ssh_channel_write(channel, "ok\n", 3);
            ssh_channel_request_send_exit_status(channel, 0);
            ssh_channel_send_eof(channel);
            ssh_channel_close(channel);
        } else {
            ssh_message_reply_default(message);
        }
        ssh_message_free(message);
    }
}

void PromptServer::Private::serve(int fd)
{
    ssh_bind bind = ssh_bind_new();
    ssh_session session = ssh_new();
    const bool no = false;
    ssh_bind_options_set(bind, SSH_BIND_OPTIONS_PROCESS_CONFIG, &no);
    ssh_bind_options_set(bind, SSH_BIND_OPTIONS_HOSTKEY, hostKey.constData());
    const long longestSilence = 30;
    ssh_options_set(session, SSH_OPTIONS_TIMEOUT, &longestSilence);
    if (ssh_bind_accept_fd(bind, session, fd) == SSH_OK) {
        ssh_set_auth_methods(session, methods());
        if (ssh_handle_key_exchange(session) == SSH_OK && authenticate(session))
            runCommands(session);
    }
    ssh_disconnect(session);
    ssh_free(session);
    ssh_bind_free(bind);
}

void PromptServer::Private::listen()
{
    while (!stopping) {
        const int fd = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0)
            return;
        const std::lock_guard lock(mutex);
        sockets.push_back(::dup(fd)); // libssh closes its own
        peers.emplace_back([this, fd] { serve(fd); });
    }
}

PromptServer::PromptServer(QString hostKey, Script script)
    : d(std::make_unique<Private>())
{
    d->hostKey = hostKey.toLocal8Bit();
    d->script = std::move(script);
    d->listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(d->listener, reinterpret_cast<sockaddr *>(&address), size);
    ::listen(d->listener, 16);
    ::getsockname(d->listener, reinterpret_cast<sockaddr *>(&address), &size);
    d->port = ntohs(address.sin_port);
    d->thread = std::thread([this] { d->listen(); });
}

PromptServer::~PromptServer()
{
    d->stopping = true;
    ::shutdown(d->listener, SHUT_RDWR);
    d->thread.join();
    ::close(d->listener);
    for (const int fd : d->sockets) {
        ::shutdown(fd, SHUT_RDWR);
        ::close(fd);
    }
    for (auto &peer : d->peers)
        peer.join();
}

quint16 PromptServer::port() const
{
    return d->port;
}

int PromptServer::requests() const
{
    return d->requests;
}

} // namespace pilothouse
