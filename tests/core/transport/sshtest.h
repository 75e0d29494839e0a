// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/transport/libsshconnect.h"
#include "tests/peers/sshd.h"

#include <QCoroTimer>
#include <QTest>

namespace pilothouse {

/// A person who answers from lists and remembers what was asked.
class FakePrompter : public Prompter {
public:
    QList<HostKeyQuestion> keysAsked;
    QList<SecretQuestion> secretsAsked;
    HostKeyAnswer key = HostKeyAnswer::AcceptAndSave;
    QList<QList<Secret>> secrets; ///< taken one by one; none left = Denied, nobody there

    Task<Result<HostKeyAnswer>> askHostKey(Context, HostKeyQuestion question) override
    {
        keysAsked << question;
        auto pause = QCoro::sleepFor(std::chrono::milliseconds(1));
        co_await pause;
        co_return key;
    }
    Task<Result<QList<Secret>>> askSecrets(Context, SecretQuestion question) override
    {
        secretsAsked << question;
        auto pause = QCoro::sleepFor(std::chrono::milliseconds(1));
        co_await pause;
        if (secrets.isEmpty())
            co_return fail(Error{ErrorKind::Denied, QStringLiteral("authentication"),
                QStringLiteral("Nobody can be asked."), {}, {}});
        co_return secrets.takeFirst();
    }
    void willSay(const char *text) { secrets << QList<Secret>{Secret(QByteArray(text))}; }
};

/// The reports of one connection.
struct Stages {
    QList<StageReport> lines; ///< as a page shows them: same stage and hop replace
    StageSink sink()
    {
        return [this](const StageReport &line) {
            for (auto &old : lines)
                if (old.stage == line.stage && old.hop == line.hop) {
                    old = line;
                    return;
                }
            lines << line;
        };
    }
    QString of(Stage stage, const QString &hop = {}) const
    {
        for (const auto &line : lines)
            if (line.stage == stage && line.hop == hop && line.state == StageState::Done)
                return line.result;
        return {};
    }
    std::optional<Stage> failed() const
    {
        for (const auto &line : lines)
            if (line.state == StageState::Failed)
                return line.stage;
        return {};
    }
};

inline Result<Connected> connectNow(std::shared_ptr<ResolvedHost> host, Prompter *prompter,
    Stages *stages = nullptr, Context context = {})
{
    Stages ignored;
    return QCoro::waitFor(connectLibssh(
        context, Target(), std::move(host), prompter, (stages ? stages : &ignored)->sink()));
}

inline Command shellCommand(const char *script, QByteArray input = {})
{
    return Command(
        QStringLiteral("sh"), {QStringLiteral("-c"), QString::fromUtf8(script)}, std::move(input));
}

} // namespace pilothouse
