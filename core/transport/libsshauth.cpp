// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/libsshauth.h"

#include "core/transport/libsshlogin.h"

#include <libssh/libssh.h>

namespace pilothouse {

QString Login::where() const
{
    return host->user + QLatin1Char('@') + host->hostName;
}

std::optional<Result<AuthAnswer>> authAnswer(SshSession &session, int rc)
{
    AuthAnswer answer;
    switch (rc) {
    case SSH_AUTH_AGAIN:
        // libssh goes on saying "again" when the server has hung up meanwhile.
        if (ssh_is_connected(session.raw()))
            return std::nullopt;
        break;
    case SSH_AUTH_SUCCESS:
        answer.state = AuthState::Accepted;
        return answer;
    case SSH_AUTH_INFO:
        answer.state = AuthState::Asks;
        return answer;
    case SSH_AUTH_PARTIAL:
    case SSH_AUTH_DENIED:
        answer.state = rc == SSH_AUTH_PARTIAL ? AuthState::Partial : AuthState::Refused;
        answer.methods = unsigned(ssh_userauth_list(session.raw(), nullptr));
        return answer;
    default:
        break;
    }
    if (ssh_is_connected(session.raw())) // this request went wrong, another may not
        return answer;
    const QString cause = session.rawError();
    Error error{ErrorKind::Unreachable, QStringLiteral("authentication"),
        QCoreApplication::translate("transport", "%1 hung up during authentication.")
            .arg(session.name()),
        cause, QCoreApplication::translate("transport", "Try again.")};
    if (cause.contains(QLatin1String("Too many authentication failures"))) {
        error.kind = ErrorKind::Denied;
        error.message
            = QCoreApplication::translate("transport", "%1 refused too many keys or passwords.")
                  .arg(session.name());
        error.next = QCoreApplication::translate(
            "transport", "Set IdentitiesOnly and the right IdentityFile for this host.");
    }
    return fail(error);
}

static unsigned int methodBit(const QString &name)
{
    if (name == QLatin1String("publickey"))
        return SSH_AUTH_METHOD_PUBLICKEY;
    if (name == QLatin1String("keyboard-interactive"))
        return SSH_AUTH_METHOD_INTERACTIVE;
    if (name == QLatin1String("password"))
        return SSH_AUTH_METHOD_PASSWORD;
    return 0;
}

static Error refused(const Login &login)
{
    if (login.notAsked)
        return *login.notAsked;
    QStringList accepts;
    for (const char *name : {"publickey", "keyboard-interactive", "password"})
        if (login.methods & methodBit(QLatin1String(name)))
            accepts << QLatin1String(name);
    if (login.methods & SSH_AUTH_METHOD_GSSAPI_MIC)
        accepts << QStringLiteral("gssapi-with-mic");
    if (login.methods & SSH_AUTH_METHOD_HOSTBASED)
        accepts << QStringLiteral("hostbased");
    QStringList cause;
    if (!login.won.isEmpty())
        cause << QStringLiteral("accepted: ") + login.won.join(QStringLiteral(", "));
    cause << QStringLiteral("refused: ")
            + (login.tried.isEmpty() ? QStringLiteral("nothing to offer")
                                     : login.tried.join(QStringLiteral(", ")));
    cause << QStringLiteral("the server accepts: ") + accepts.join(QStringLiteral(", "));
    const bool takesTickets = login.methods & SSH_AUTH_METHOD_GSSAPI_MIC;
    return {ErrorKind::Denied, QStringLiteral("authentication"),
        QCoreApplication::translate("transport", "%1 was refused by the server.")
            .arg(login.where()),
        cause.join(QStringLiteral("; ")),
        takesTickets
            ? QCoreApplication::translate("transport",
                "Check the user name and your keys. With Kerberos: get a ticket (kinit), switch "
                "GSSAPIAuthentication on for this host, and connect again.")
            : QCoreApplication::translate("transport",
                "Check the user name, and that one of your keys is in authorized_keys there.")};
}

namespace {

struct Opening {
    AuthAnswer none;
    std::optional<AuthAnswer> key; // when the server takes keys and there was one
};

// Asks what the server takes and goes on with the key at once: without a detour over the main
// thread for each of a thousand hosts.
class LoginOpener {
public:
    explicit LoginOpener(std::shared_ptr<ssh_key_struct> key)
        : m_key(std::move(key))
    {
    }
    std::optional<Result<Opening>> step(SshSession &session)
    {
        if (!m_asked) {
            const auto none = authAnswer(session, ssh_userauth_none(session.raw(), nullptr));
            if (!none)
                return std::nullopt;
            if (!*none)
                return fail(none->error());
            m_asked = true;
            m_opening.none = **none;
            if (!m_key || m_opening.none.state == AuthState::Accepted
                || !(m_opening.none.methods & SSH_AUTH_METHOD_PUBLICKEY))
                return m_opening;
        }
        const auto answer
            = authAnswer(session, ssh_userauth_publickey(session.raw(), nullptr, m_key.get()));
        if (!answer)
            return std::nullopt;
        if (!*answer)
            return fail(answer->error());
        m_opening.key = **answer;
        return m_opening;
    }

private:
    const std::shared_ptr<ssh_key_struct> m_key;
    bool m_asked = false;
    Opening m_opening;
};

Task<Result<Opening>> openLogin(
    Context context, std::shared_ptr<SshSession> session, std::optional<FirstKey> first)
{
    const auto opener = std::make_shared<LoginOpener>(
        first ? first->file.key : std::shared_ptr<ssh_key_struct>());
    auto opening = attempt<Opening>(context, session, QStringLiteral("authentication"),
        [opener](SshSession &s) { return opener->step(s); });
    co_return co_await std::move(opening);
}

} // namespace

Task<Result<QString>> authenticate(Context context, std::shared_ptr<SshSession> session,
    std::shared_ptr<ResolvedHost> host, Prompter *prompter)
{
    const auto login = std::make_shared<Login>();
    login->context = context;
    login->session = session;
    login->host = host;
    login->prompter = prompter;
    QStringList order = host->preferredAuthentications;
    if (order.isEmpty())
        order = QStringList{QStringLiteral("publickey"), QStringLiteral("keyboard-interactive"),
            QStringLiteral("password")};
    std::optional<FirstKey> first;
    if (order.first() == QLatin1String("publickey")) {
        auto choosing = firstKey(login);
        first = co_await std::move(choosing);
    }
    auto asking = openLogin(context, session, first);
    const auto opening = co_await std::move(asking);
    if (!opening)
        co_return fail(opening.error());
    if (opening->none.state == AuthState::Accepted)
        co_return QCoreApplication::translate("transport", "nothing was asked for");
    login->methods = opening->none.methods;
    if (const auto &key = opening->key) {
        (key->state == AuthState::Refused ? login->tried : login->won) << first->name;
        if (key->state == AuthState::Accepted)
            co_return first->name;
        if (key->state == AuthState::Partial)
            login->methods = key->methods;
        else
            login->refusedKeys.insert(first->file.publicBlob);
    }

    // Each accepted step of a chain starts the order again with what the server wants next.
    for (int chain = 0; chain < 8; ++chain) {
        bool goOn = false;
        for (const QString &method : order) {
            const unsigned int bit = methodBit(method);
            if (!(login->methods & bit))
                continue;
            auto trying = bit == SSH_AUTH_METHOD_PUBLICKEY ? tryPublicKeys(login)
                : bit == SSH_AUTH_METHOD_INTERACTIVE       ? tryInteractive(login)
                                                           : tryPassword(login);
            const auto answer = co_await std::move(trying);
            if (!answer)
                co_return fail(answer.error());
            if (answer->state == AuthState::Accepted)
                co_return login->won.join(QStringLiteral("; then "));
            if (answer->state == AuthState::Partial) {
                login->methods = answer->methods;
                goOn = true;
                break;
            }
        }
        if (!goOn)
            break;
    }
    co_return fail(refused(*login));
}

} // namespace pilothouse
