// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/libsshlogin.h"

#include "core/transport/secretcache.h"

#include <libssh/libssh.h>

namespace pilothouse {

namespace {

struct Round {
    AuthAnswer answer;
    QString name, instruction;
    QList<SecretQuestion::Field> fields;
};

std::optional<Result<Round>> roundOf(SshSession &session, int rc)
{
    const auto answer = authAnswer(session, rc);
    if (!answer)
        return std::nullopt;
    if (!*answer)
        return fail(answer->error());
    Round round;
    round.answer = **answer;
    if (round.answer.state == AuthState::Asks) {
        round.name = QString::fromUtf8(ssh_userauth_kbdint_getname(session.raw()));
        round.instruction = QString::fromUtf8(ssh_userauth_kbdint_getinstruction(session.raw()));
        const int count = ssh_userauth_kbdint_getnprompts(session.raw());
        for (int i = 0; i < count; ++i) {
            char echo = 0;
            SecretQuestion::Field field;
            field.prompt = QString::fromUtf8(
                ssh_userauth_kbdint_getprompt(session.raw(), unsigned(i), &echo));
            field.echo = echo != 0;
            round.fields.append(field);
        }
    }
    return round;
}

Task<Result<Round>> nextRound(LoginPtr login, QList<Secret> answers)
{
    auto given = std::make_shared<bool>(false);
    auto going = attempt<Round>(login->context, login->session, QStringLiteral("authentication"),
        [answers, given](SshSession &s) {
            for (qsizetype i = 0; !*given && i < answers.size(); ++i)
                ssh_userauth_kbdint_setanswer(
                    s.raw(), unsigned(i), answers[i].reveal().constData());
            *given = true;
            return roundOf(s, ssh_userauth_kbdint(s.raw(), nullptr, nullptr));
        });
    co_return co_await std::move(going);
}

bool asksPassword(const QList<SecretQuestion::Field> &fields)
{
    return fields.size() == 1 && !fields.first().echo
        && fields.first().prompt.contains(QLatin1String("password"), Qt::CaseInsensitive);
}

// What the answers were, for the report.
QString kindOf(const QList<SecretQuestion::Field> &fields)
{
    if (asksPassword(fields))
        return QStringLiteral("password");
    for (const auto &field : fields)
        for (const char *word : {"code", "otp", "token", "one-time", "verification", "passcode"})
            if (field.prompt.contains(QLatin1String(word), Qt::CaseInsensitive))
                return QStringLiteral("one-time code");
    return QStringLiteral("answers");
}

SecretQuestion passwordQuestion(const Login &login, bool again)
{
    SecretQuestion question;
    question.kind = SecretQuestion::Kind::Password;
    question.host = login.where();
    question.title = QCoreApplication::translate("transport", "Password for %1").arg(login.where());
    SecretQuestion::Field field;
    field.prompt = QCoreApplication::translate("transport", "Password");
    question.fields.append(field);
    question.again = again;
    return question;
}

QString passwordName(const Login &login)
{
    return SecretCache::passwordKey(login.host->user, login.host->hostName, login.host->port);
}

// Nobody can be asked: other methods may still do.
Error noted(const LoginPtr &login, const Error &error)
{
    if (error.kind == ErrorKind::Denied)
        login->notAsked = error;
    return error;
}

// One try, of as many rounds as the server wants.
Task<Result<AuthAnswer>> interactOnce(LoginPtr login, bool again)
{
    QStringList kinds;
    std::optional<Secret> password;
    QList<Secret> answers;
    for (int count = 0; count < 32; ++count) {
        auto going = nextRound(login, answers);
        const auto round = co_await std::move(going);
        if (!round)
            co_return fail(round.error());
        if (round->answer.state != AuthState::Asks) {
            kinds.removeDuplicates();
            if (round->answer.state == AuthState::Refused && password)
                SecretCache::instance().forget(passwordName(*login), *password);
            if (round->answer.state != AuthState::Refused)
                login->won << (kinds.isEmpty() ? QStringLiteral("keyboard-interactive")
                                               : kinds.join(QStringLiteral("; then ")));
            co_return round->answer;
        }
        answers.clear();
        if (round->fields.isEmpty())
            continue;
        kinds << kindOf(round->fields);
        if (asksPassword(round->fields)) {
            auto asking = SecretCache::instance().ask(login->context, login->prompter,
                passwordName(*login), passwordQuestion(*login, again));
            const auto secret = co_await std::move(asking);
            if (!secret)
                co_return fail(noted(login, secret.error()));
            password = *secret;
            answers.append(*secret);
            continue;
        }
        // Codes serve once: they are never remembered.
        SecretQuestion question;
        question.kind = SecretQuestion::Kind::Interactive;
        question.host = login->where();
        question.title = round->name.isEmpty()
            ? QCoreApplication::translate("transport", "%1 asks").arg(login->where())
            : round->name;
        question.instruction = round->instruction;
        question.fields = round->fields;
        question.again = again;
        auto asking = login->prompter->askSecrets(login->context, std::move(question));
        const auto given = co_await std::move(asking);
        if (!given)
            co_return fail(noted(login, given.error()));
        answers = *given;
    }
    co_return fail(Error{ErrorKind::BadReply, QStringLiteral("authentication"),
        QCoreApplication::translate("transport", "%1 keeps asking.").arg(login->where()), {}, {}});
}

bool nobodyThere(const LoginPtr &login, const Error &error)
{
    return login->notAsked && *login->notAsked == error;
}

} // namespace

Task<Result<AuthAnswer>> tryInteractive(LoginPtr login)
{
    AuthAnswer last;
    for (int round = 0; round < std::max(1, login->host->numberOfPasswordPrompts); ++round) {
        auto going = interactOnce(login, round > 0);
        const auto answer = co_await std::move(going);
        if (!answer && nobodyThere(login, answer.error()))
            co_return last;
        if (!answer || answer->state != AuthState::Refused)
            co_return answer;
        last = *answer;
    }
    login->tried << QStringLiteral("keyboard-interactive");
    co_return last;
}

Task<Result<AuthAnswer>> tryPassword(LoginPtr login)
{
    const QString name = passwordName(*login);
    AuthAnswer last;
    for (int round = 0; round < std::max(1, login->host->numberOfPasswordPrompts); ++round) {
        auto asking = SecretCache::instance().ask(
            login->context, login->prompter, name, passwordQuestion(*login, round > 0));
        const auto secret = co_await std::move(asking);
        if (!secret && nobodyThere(login, noted(login, secret.error())))
            co_return last;
        if (!secret)
            co_return fail(secret.error());
        auto trying = attempt<AuthAnswer>(login->context, login->session,
            QStringLiteral("authentication"), [secret = *secret](SshSession &s) {
                return authAnswer(
                    s, ssh_userauth_password(s.raw(), nullptr, secret.reveal().constData()));
            });
        const auto answer = co_await std::move(trying);
        if (answer && answer->state != AuthState::Refused)
            login->won << QStringLiteral("password");
        if (!answer || answer->state != AuthState::Refused)
            co_return answer;
        SecretCache::instance().forget(name, *secret);
        last = *answer;
    }
    login->tried << QStringLiteral("password");
    co_return last;
}

} // namespace pilothouse
