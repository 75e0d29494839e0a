// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/opensshmaster.h"
#include "core/transport/secretcache.h"

#include <QCoreApplication>

namespace pilothouse {

void OpenSshMaster::asked(int id, const QString &kind, const QString &prompt)
{
    const ResolvedHost &host = m_log->current();
    SshPrompt parsed
        = parseSshPrompt(kind, prompt, host.user + QLatin1Char('@') + host.hostName, host.port);
    if (parsed.kind == SshPrompt::Kind::Notice) {
        m_log->notice(parsed.secret.instruction); // ssh takes it back itself
        return;
    }
    if (parsed.kind == SshPrompt::Kind::HostKey && !m_closed
        && host.strictHostKeyChecking == QLatin1String("no")) {
        m_askpass->answer(id, Secret(QByteArrayLiteral("yes")));
        return;
    }
    const auto isOnce = [&parsed](const Once &once) {
        return once.question == parsed.hostKey.host
            && once.fingerprint == parsed.hostKey.fingerprint;
    };
    if (parsed.kind == SshPrompt::Kind::HostKey && !m_closed
        && std::any_of(m_once.cbegin(), m_once.cend(), isOnce)) {
        m_askpass->answer(id, Secret(parsed.hostKey.fingerprint.toLatin1()));
        return;
    }
    if (!m_prompter || m_closed) {
        m_askpass->answer(id, std::nullopt);
        return;
    }
    ++m_openPrompts;
    answerPrompt(shared_from_this(), id, std::move(parsed));
}

void OpenSshMaster::promptEnded()
{
    if (--m_openPrompts == 0 && m_quiet)
        m_quiet->finish({});
}

Task<> OpenSshMaster::answerPrompt(std::shared_ptr<OpenSshMaster> self, int id, SshPrompt prompt)
{
    const bool isKey = prompt.kind == SshPrompt::Kind::HostKey;
    auto asking = isKey ? self->verdictFor(std::move(prompt)) : self->secretFor(std::move(prompt));
    const auto answer = co_await std::move(asking);
    if (!answer)
        self->m_declined = answer.error();
    self->m_askpass->answer(id, answer ? std::optional(*answer) : std::nullopt);
    // Who declines does not want to be asked for the next method; who was not there may not matter.
    if (!answer && answer.error().kind != ErrorKind::Denied)
        self->m_process.terminate();
    else if (!answer && !isKey)
        self->m_declined.reset();
    self->promptEnded();
}

Task<Result<Secret>> OpenSshMaster::secretFor(SshPrompt prompt)
{
    const Context context(m_stop.get_token());
    const QString key = prompt.cacheKey;
    if (key.isEmpty()) {
        auto asking = m_prompter->askSecrets(context, std::move(prompt.secret));
        const auto answers = co_await std::move(asking);
        if (!answers)
            co_return fail(answers.error());
        if (answers->size() != 1)
            co_return fail(Error{ErrorKind::Internal, QStringLiteral("authentication"),
                QCoreApplication::translate("transport", "One answer was expected."), {}, {}});
        co_return answers->first();
    }
    if (m_tried.contains(key)) {
        prompt.secret.again = true;
        SecretCache::instance().forget(key, m_tried.value(key));
    }
    auto asking = SecretCache::instance().ask(context, m_prompter, key, std::move(prompt.secret));
    const auto secret = co_await std::move(asking);
    if (secret)
        m_tried.insert(key, *secret);
    co_return secret;
}

Task<Result<Secret>> OpenSshMaster::verdictFor(SshPrompt prompt)
{
    const Context context(m_stop.get_token());
    const QString host = prompt.hostKey.host;
    const QString shown = QStringLiteral("shown ") + prompt.hostKey.type + QLatin1Char(' ')
        + prompt.hostKey.fingerprint;
    auto asking = m_prompter->askHostKey(context, prompt.hostKey);
    const auto decision = co_await std::move(asking);
    if (!decision)
        co_return fail(decision.error());
    if (*decision == HostKeyAnswer::AcceptAndSave)
        co_return Secret(QByteArrayLiteral("yes"));
    const QString stage = QStringLiteral("host_key");
    if (*decision == HostKeyAnswer::AcceptOnce && acceptOnce(prompt.hostKey)) {
        m_again = true; // this one ends, and the next one knows the key
        co_return fail(cancelled(stage));
    }
    if (*decision == HostKeyAnswer::AcceptOnce)
        co_return fail(Error{ErrorKind::HostKey, stage,
            QCoreApplication::translate("transport",
                "The system's ssh would save this key, and its configuration cannot be "
                "told not to."),
            shown,
            QCoreApplication::translate(
                "transport", "Accept and save the key of %1, or connect with libssh.")
                .arg(host)});
    co_return fail(Error{ErrorKind::HostKey, stage,
        QCoreApplication::translate("transport", "The key of %1 was not accepted.").arg(host),
        shown,
        QCoreApplication::translate(
            "transport", "Compare the fingerprint with whoever runs the host, then retry.")});
}

} // namespace pilothouse
