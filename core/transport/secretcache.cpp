// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/secretcache.h"

#include "core/transport/bounded.h"

#include <vector>

namespace pilothouse {

struct SecretCache::Open {
    std::vector<Reply<Secret>> waiting;
};

SecretCache &SecretCache::instance()
{
    static SecretCache cache;
    return cache;
}

QString SecretCache::passphraseKey(const QString &file)
{
    return QStringLiteral("passphrase ") + file;
}

QString SecretCache::passwordKey(const QString &user, const QString &host, quint16 port)
{
    return QStringLiteral("password %1@%2:%3").arg(user, host).arg(port);
}

std::optional<Secret> SecretCache::find(const QString &key) const
{
    const auto found = m_secrets.constFind(key);
    return found == m_secrets.cend() ? std::nullopt : std::optional(*found);
}

void SecretCache::keep(const QString &key, Secret secret)
{
    m_secrets.insert(key, std::move(secret));
}

void SecretCache::forget(const QString &key, const Secret &secret)
{
    const auto found = m_secrets.constFind(key);
    if (found != m_secrets.cend() && found->reveal() == secret.reveal())
        m_secrets.erase(found);
}

void SecretCache::clear()
{
    m_secrets.clear();
}

Task<Result<Secret>> SecretCache::ask(
    Context context, Prompter *prompter, QString key, SecretQuestion question)
{
    while (const auto open = m_open.value(key)) {
        Reply<Secret> reply;
        open->waiting.push_back(reply);
        auto answer = bounded(context, reply, QStringLiteral("authentication"), {});
        auto given = co_await std::move(answer);
        // Internal: the one who asked was stopped and nobody declined, so this one asks.
        if (given || given.error().kind != ErrorKind::Internal)
            co_return given;
    }
    if (const auto known = find(key))
        co_return *known;

    const auto open = std::make_shared<Open>();
    m_open.insert(key, open);
    auto asking = prompter->askSecrets(context, std::move(question));
    auto answers = co_await std::move(asking);
    Result<Secret> answer;
    if (!answers)
        answer = fail(answers.error());
    else if (answers->size() != 1)
        answer = fail(Error{ErrorKind::Internal, QStringLiteral("authentication"),
            QCoreApplication::translate("transport", "One answer was expected."), {}, {}});
    else
        answer = answers->first();
    if (answer)
        keep(key, *answer);
    m_open.remove(key);
    for (const auto &waiter : open->waiting) {
        if (!answer && (context.stopped() || context.expired()))
            waiter.finish(fail(Error{}));
        else
            waiter.finish(answer);
    }
    co_return answer;
}

} // namespace pilothouse
