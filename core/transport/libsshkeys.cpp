// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/libsshlogin.h"

#include "core/base/offload.h"
#include "core/transport/keyfiles.h"
#include "core/transport/secretcache.h"

#include <QDir>
#include <QtEndian>

#include <array>
#include <libssh/libssh.h>
#include <sys/socket.h>
#include <unistd.h>

namespace pilothouse {

namespace {

// libssh talks to an agent with blocking reads, and an agent may wait for a finger on a token: on
// the I/O thread that would stop every session. So libssh gets a socket in which our answers lie
// already: one key, then a signature. The first time there is none; what it asked to be signed is
// read from the socket, the real agent signs it meanwhile, and the second time the answer is there.
class AgentOffer {
public:
    AgentOffer(AgentKey key, QByteArray signature)
        : m_key(std::move(key))
        , m_signature(std::move(signature))
    {
    }
    ~AgentOffer()
    {
        for (const int fd : m_pair)
            if (fd >= 0)
                ::close(fd);
    }

    std::optional<Result<AuthAnswer>> step(SshSession &session)
    {
        if (m_pair[0] < 0 && !prepare(session))
            return fail(Error{ErrorKind::Internal, QStringLiteral("authentication"),
                QCoreApplication::translate("transport", "No more files can be opened."), {}, {}});
        auto answer = authAnswer(session, ssh_userauth_agent(session.raw(), nullptr));
        if (answer)
            ssh_set_agent_socket(session.raw(), SSH_INVALID_SOCKET);
        return answer;
    }

    /// The request to sign, when libssh made one.
    QByteArray toSign() const
    {
        QByteArray all;
        std::array<char, 4096> buffer;
        for (ssize_t got = 0;
             (got = ::recv(m_pair[1], buffer.data(), buffer.size(), MSG_DONTWAIT)) > 0;)
            all.append(buffer.data(), got);
        while (all.size() >= 5) {
            const auto size = qFromBigEndian<quint32>(all.constData());
            if (all.size() < 4 + qsizetype(size))
                break;
            if (uchar(all[4]) == AgentSign)
                return all.mid(4, size);
            all.remove(0, 4 + qsizetype(size));
        }
        return {};
    }

private:
    bool prepare(SshSession &session)
    {
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, m_pair) != 0)
            return false;
        const QByteArray answers = agentFrame(agentAnswerWith(m_key)) + agentFrame(m_signature);
        const ssize_t sent
            = ::send(m_pair[1], answers.constData(), std::size_t(answers.size()), MSG_DONTWAIT);
        // Should libssh ever read more than this, it sees an end and does not wait.
        ::shutdown(m_pair[1], SHUT_WR);
        ssh_set_agent_socket(session.raw(), m_pair[0]);
        return sent == answers.size();
    }

    const AgentKey m_key;
    const QByteArray m_signature;
    int m_pair[2] = {-1, -1};
};

Task<Result<AuthAnswer>> offerOnce(LoginPtr login, std::shared_ptr<AgentOffer> offer)
{
    auto offering = attempt<AuthAnswer>(login->context, login->session,
        QStringLiteral("authentication"), [offer](SshSession &s) { return offer->step(s); });
    co_return co_await std::move(offering);
}

Task<Result<AuthAnswer>> offerAgentKey(LoginPtr login, QString socket, AgentKey key)
{
    const QString name = QStringLiteral("public key from agent (%1)").arg(key.comment);
    const auto first = std::make_shared<AgentOffer>(key, QByteArray(1, char(AgentFailure)));
    auto offering = offerOnce(login, first);
    auto answer = co_await std::move(offering);
    if (!answer || answer->state != AuthState::Refused)
        co_return answer;
    const QByteArray request = first->toSign();
    if (request.isEmpty()) {
        login->refusedKeys.insert(key.blob);
        login->tried << name;
        co_return answer;
    }
    auto signing = askAgent(login->context, socket, request);
    const auto signature = co_await std::move(signing);
    if (!signature && login->context.stopped())
        co_return fail(signature.error());
    if (!signature || signature->isEmpty() || uchar(signature->at(0)) != AgentSigned) {
        login->tried << name + QStringLiteral(" (the agent did not sign)");
        co_return answer;
    }
    auto again = offerOnce(login, std::make_shared<AgentOffer>(key, *signature));
    answer = co_await std::move(again);
    if (answer && answer->state != AuthState::Refused) {
        login->won << name;
    } else if (answer) {
        login->refusedKeys.insert(key.blob);
        login->tried << name;
    }
    co_return answer;
}

QString shortPath(const QString &path)
{
    const QString home = QDir::homePath() + QLatin1Char('/');
    return path.startsWith(home) ? QStringLiteral("~/") + path.mid(home.size()) : path;
}

QString nameOf(const QString &path)
{
    return QStringLiteral("public key ") + shortPath(path);
}

// Socket of the agent to ask; empty when there is none.
QString agentOf(const ResolvedHost &host)
{
    const QString socket
        = host.identityAgent.isEmpty() ? qEnvironmentVariable("SSH_AUTH_SOCK") : host.identityAgent;
    return socket == QLatin1String("none") ? QString() : socket;
}

Task<KeyFile> readKey(QString path, Secret passphrase)
{
    if (const auto known = rememberedKeyFile(path))
        co_return *known;
    auto reading = offload([path, passphrase] { return readKeyFile(path, passphrase); });
    co_return co_await std::move(reading);
}

// Asks until the passphrase opens the file; state stays Encrypted when it never does.
Task<Result<KeyFile>> unlock(LoginPtr login, QString path, KeyFile file)
{
    const QString name = SecretCache::passphraseKey(path);
    for (int round = 0; round < 3; ++round) {
        SecretQuestion question;
        question.kind = SecretQuestion::Kind::Passphrase;
        question.host = login->where();
        question.title
            = QCoreApplication::translate("transport", "Passphrase for %1").arg(shortPath(path));
        SecretQuestion::Field field;
        field.prompt = QCoreApplication::translate("transport", "Passphrase");
        question.fields.append(field);
        question.again = round > 0;
        auto asking = SecretCache::instance().ask(
            login->context, login->prompter, name, std::move(question));
        const auto secret = co_await std::move(asking);
        if (!secret)
            co_return fail(secret.error());
        auto reading = readKey(path, *secret);
        file = co_await std::move(reading);
        if (file.state == KeyFile::State::Ready)
            co_return file;
        SecretCache::instance().forget(name, *secret);
    }
    co_return file;
}

Task<Result<AuthAnswer>> offerFile(LoginPtr login, QString path)
{
    const QString name = nameOf(path);
    AuthAnswer no;
    auto reading = readKey(path, Secret());
    KeyFile file = co_await std::move(reading);
    if (file.state == KeyFile::State::Missing
        || (!file.publicBlob.isEmpty() && login->refusedKeys.contains(file.publicBlob)))
        co_return no;
    if (file.state == KeyFile::State::Unreadable) {
        login->tried << name + QStringLiteral(" (unreadable)");
        co_return no;
    }
    if (file.state == KeyFile::State::Encrypted) {
        if (file.publicKey) { // no passphrase is asked for a key that the server refuses anyway
            auto probing = attempt<AuthAnswer>(login->context, login->session,
                QStringLiteral("authentication"), [half = file.publicKey](SshSession &s) {
                    return authAnswer(s, ssh_userauth_try_publickey(s.raw(), nullptr, half.get()));
                });
            const auto liked = co_await std::move(probing);
            if (!liked)
                co_return fail(liked.error());
            if (liked->state != AuthState::Accepted) {
                login->tried << name;
                co_return *liked;
            }
        }
        auto unlocking = unlock(login, path, file);
        const auto opened = co_await std::move(unlocking);
        if (!opened && opened.error().kind == ErrorKind::Denied) {
            login->notAsked = opened.error();
            co_return no;
        }
        if (!opened)
            co_return fail(opened.error());
        if (opened->state != KeyFile::State::Ready) {
            login->tried << name + QStringLiteral(" (wrong passphrase)");
            co_return no;
        }
        file = *opened;
    }
    auto signing = attempt<AuthAnswer>(login->context, login->session,
        QStringLiteral("authentication"), [key = file.key](SshSession &s) {
            return authAnswer(s, ssh_userauth_publickey(s.raw(), nullptr, key.get()));
        });
    const auto answer = co_await std::move(signing);
    if (answer && answer->state != AuthState::Refused)
        login->won << name;
    else if (answer)
        login->tried << name;
    co_return answer;
}

} // namespace

Task<std::optional<FirstKey>> firstKey(LoginPtr login)
{
    if (!agentOf(*login->host).isEmpty())
        co_return std::nullopt; // its keys come first
    for (const QString &path : login->host->identityFiles) {
        auto reading = readKey(path, Secret());
        const KeyFile file = co_await std::move(reading);
        if (file.state == KeyFile::State::Missing)
            continue;
        if (file.state != KeyFile::State::Ready || file.publicBlob.isEmpty())
            break;
        FirstKey first;
        first.name = nameOf(path);
        first.file = file;
        co_return first;
    }
    co_return std::nullopt;
}

Task<Result<AuthAnswer>> tryPublicKeys(LoginPtr login)
{
    const auto &host = *login->host;
    const QString socket = agentOf(host);
    QList<AgentKey> keys;
    if (!socket.isEmpty()) {
        // A dead agent is no reason to stop; a slow one may hold this login only.
        auto listing = agentKeys(login->context.within(std::chrono::seconds(10)), socket);
        if (const auto listed = co_await std::move(listing))
            keys = *listed;
        else if (login->context.stopped())
            co_return fail(listed.error());
    }
    if (!keys.isEmpty()) {
        // As OpenSSH: keys of the configuration first, then the agent's others.
        QList<QByteArray> configured;
        for (const QString &path : host.identityFiles) {
            auto reading = readKey(path, Secret());
            const KeyFile file = co_await std::move(reading);
            if (!file.publicBlob.isEmpty())
                configured << file.publicBlob;
        }
        const auto rank = [&](const AgentKey &key) {
            const auto at = configured.indexOf(key.blob);
            return at < 0 ? configured.size() : at;
        };
        std::stable_sort(keys.begin(), keys.end(),
            [&](const AgentKey &a, const AgentKey &b) { return rank(a) < rank(b); });
        if (host.identitiesOnly)
            keys.removeIf([&](const AgentKey &key) { return !configured.contains(key.blob); });
    }
    AuthAnswer last;
    for (const AgentKey &key : std::as_const(keys)) {
        if (login->refusedKeys.contains(key.blob))
            continue;
        auto offering = offerAgentKey(login, socket, key);
        auto answer = co_await std::move(offering);
        if (!answer || answer->state != AuthState::Refused)
            co_return answer;
    }
    for (const QString &path : host.identityFiles) {
        auto offering = offerFile(login, path);
        auto answer = co_await std::move(offering);
        if (!answer || answer->state != AuthState::Refused)
            co_return answer;
    }
    co_return last;
}

} // namespace pilothouse
