// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engines/enginecontext.h"
#include "core/jobs/jobid.h"
#include "tests/peers/slurm.h"
#include "tests/support/liveagent.h"

namespace pilothouse {

/// A link to the real agent that a test can take away.
class OneLink : public LinkSource {
public:
    std::shared_ptr<Link> link;
    std::shared_ptr<const Link> current() const override { return link; }
};

/// Commands of another runner, whose answers can get lost on the way.
class LossyCommands : public CommandRunner {
public:
    explicit LossyCommands(std::shared_ptr<CommandRunner> runner)
        : m_runner(std::move(runner))
    {
    }
    bool loseAnswers = false; ///< of what changes something; it is done all the same
    bool loseRequests = false;

    Task<Result<Output>> look(Context context, QStringList argv, QMap<QString, QString> environment,
        QByteArray input) override
    {
        return m_runner->look(context, argv, environment, input);
    }
    Task<Result<Output>> change(
        Context context, Permit permit, QStringList argv, QByteArray input) override
    {
        const Error lost{ErrorKind::Unreachable, argv.value(0), QStringLiteral("lost"), {}, {}};
        if (loseRequests)
            co_return fail(lost);
        const bool lose = loseAnswers;
        auto running = m_runner->change(context, permit, argv, input);
        auto answer = co_await std::move(running);
        if (lose)
            co_return fail(lost);
        co_return answer;
    }

private:
    std::shared_ptr<CommandRunner> m_runner;
};

/// A real Slurm and a real agent on its login node.
class SlurmHost {
public:
    explicit SlurmHost(const QStringList &extra = {})
        : slurm(extra)
    {
    }
    /// Empty, or what does not work here.
    QString start()
    {
        if (!slurm.start())
            return QStringLiteral("Slurm does not start: ") + QString::fromUtf8(slurm.log());
        m_live = connectAgent();
        if (!m_live.client)
            return m_live.trouble;
        auto link = std::make_shared<Link>();
        link->targetId = QStringLiteral("ssh:login");
        link->agent = std::move(m_live.client);
        links.link = link;
        commands = std::make_shared<LossyCommands>(
            std::make_shared<AgentCommands>(link->agent, slurm.environment()));
        return {};
    }
    EngineContext context()
    {
        EngineContext context;
        context.target = QStringLiteral("ssh:login");
        context.name = QStringLiteral("pilot");
        context.links = &links;
        context.environment = slurm.environment();
        context.commands = [this]() -> std::shared_ptr<CommandRunner> {
            return links.link ? commands : nullptr;
        };
        return context;
    }

    /// A job of ours that runs a line of shell in /tmp.
    static Job job(const QString &line)
    {
        Job job;
        job.id = newJobId();
        job.spec.name = QStringLiteral("test");
        job.spec.argv = QStringList{QStringLiteral("sh"), QStringLiteral("-c"), line};
        job.spec.folder = QStringLiteral("/tmp");
        return job;
    }

    AgentHome home;
    Slurm slurm;
    OneLink links;
    std::shared_ptr<LossyCommands> commands;

private:
    LiveAgent m_live;
};

} // namespace pilothouse
