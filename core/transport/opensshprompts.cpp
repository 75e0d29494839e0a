// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/opensshprompts.h"

#include "core/transport/secretcache.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace pilothouse {

static QString caught(const QRegularExpression &expression, const QString &text, int group = 1)
{
    return expression.match(text).captured(group);
}

static HostKeyQuestion hostKeyQuestion(const QString &prompt)
{
    static const QRegularExpression host(QStringLiteral("authenticity of host '([^ ']+)")),
        key(QStringLiteral("(\\S+) key fingerprint is (SHA256:[A-Za-z0-9+/]+)")),
        other(QStringLiteral("^ +\\S+:\\d+: (\\S+)$"), QRegularExpression::MultilineOption);
    HostKeyQuestion question;
    question.host = caught(host, prompt);
    question.type = caught(key, prompt, 1);
    question.fingerprint = caught(key, prompt, 2);
    for (auto names = other.globalMatch(prompt); names.hasNext();)
        question.alsoKnownAs << names.next().captured(1);
    return question;
}

static SecretQuestion question(
    SecretQuestion::Kind kind, const QString &host, const QString &title, const QString &prompt)
{
    SecretQuestion result;
    result.kind = kind;
    result.host = host;
    result.title = title;
    SecretQuestion::Field field;
    field.prompt = prompt;
    result.fields.append(field);
    return result;
}

SshPrompt parseSshPrompt(
    const QString &askpassKind, const QString &prompt, const QString &host, quint16 port)
{
    static const QRegularExpression password(QStringLiteral("^(\\S+)@(\\S+)'s password: ?$")),
        passphrase(QStringLiteral("^Enter passphrase for key '(.*)': ?$")),
        interactive(QStringLiteral("^\\((\\S+)@(\\S+)\\) (.*)$"),
            QRegularExpression::DotMatchesEverythingOption);
    using Kind = SecretQuestion::Kind;
    SshPrompt result;
    if (prompt.contains(QLatin1String("(yes/no/[fingerprint])"))
        && prompt.contains(QLatin1String("key fingerprint is"))) {
        result.kind = SshPrompt::Kind::HostKey;
        result.hostKey = hostKeyQuestion(prompt);
        return result;
    }
    if (askpassKind == QLatin1String("none")) {
        result.kind = SshPrompt::Kind::Notice;
        result.secret.instruction = prompt.trimmed();
        return result;
    }
    const auto passwordTitle = [](const QString &who) {
        return QCoreApplication::translate("transport", "Password for %1").arg(who);
    };
    if (const auto match = password.match(prompt); match.hasMatch()) {
        const QString who = match.captured(1) + QLatin1Char('@') + match.captured(2);
        result.secret = question(Kind::Password, who, passwordTitle(who),
            QCoreApplication::translate("transport", "Password"));
        result.cacheKey = SecretCache::passwordKey(match.captured(1), match.captured(2), port);
    } else if (const auto key = passphrase.match(prompt); key.hasMatch()) {
        result.secret = question(Kind::Passphrase, host,
            QCoreApplication::translate("transport", "Passphrase of %1").arg(key.captured(1)),
            QCoreApplication::translate("transport", "Passphrase"));
        result.cacheKey = SecretCache::passphraseKey(key.captured(1));
    } else if (const auto asked = interactive.match(prompt); asked.hasMatch()) {
        const QString who = asked.captured(1) + QLatin1Char('@') + asked.captured(2);
        const QString text = asked.captured(3).trimmed();
        const bool isPassword = text.startsWith(QLatin1String("password"), Qt::CaseInsensitive);
        result.secret = question(isPassword ? Kind::Password : Kind::Interactive, who,
            isPassword ? passwordTitle(who)
                       : QCoreApplication::translate("transport", "%1 asks").arg(who),
            text);
        if (isPassword)
            result.cacheKey = SecretCache::passwordKey(asked.captured(1), asked.captured(2), port);
    } else {
        result.secret = question(Kind::Interactive, host,
            QCoreApplication::translate("transport", "%1 asks").arg(host), prompt.trimmed());
        result.secret.fields.first().echo = askpassKind == QLatin1String("confirm");
    }
    return result;
}

} // namespace pilothouse
