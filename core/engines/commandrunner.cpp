// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/commandrunner.h"

#include "core/base/reply.h"

#include <QCoreApplication>
#include <QTimer>

namespace pilothouse {

/// A list of 100,000 jobs is about 20 MB.
static constexpr qsizetype mostOutput = 128 * 1024 * 1024;

static QString tr(const char *text)
{
    return QCoreApplication::translate("engines", text);
}

/// When it is stopped or late the command is killed: the agent ends it with its stream.
static Task<Result<Output>> runToEnd(Context context, Permit permit,
    std::shared_ptr<AgentClient> agent, QStringList argv, QMap<QString, QString> environment,
    QByteArray input)
{
    const QString stage = argv.value(0);
    if (context.stopped())
        co_return fail(cancelled(stage));
    auto output = std::make_shared<Output>();
    Reply<std::pair<int, int>> reply;
    const auto take = [output, reply, stage](QByteArray &to, const QByteArray &bytes) {
        if (to.size() + bytes.size() <= mostOutput) {
            to += bytes;
            return;
        }
        output->cut = true;
        reply.finish(fail(Error{ErrorKind::BadReply, stage,
            tr("The answer of %1 is larger than 128 MiB.").arg(stage), {}, {}}));
    };
    ExecHandlers handlers;
    handlers.out = [output, take](const QByteArray &bytes) { take(output->out, bytes); };
    handlers.err = [output, take](const QByteArray &bytes) { take(output->err, bytes); };
    handlers.ended = [reply](const Result<std::pair<int, int>> &end) { reply.finish(end); };
    const auto stream = agent->exec(permit, argv, {}, environment, std::move(handlers));
    if (!input.isEmpty())
        stream->write(std::move(input));
    stream->closeInput();
    const std::stop_callback stopped(
        context.stop(), [reply, stage] { reply.finish(fail(cancelled(stage))); });
    QTimer late;
    late.setSingleShot(true);
    QObject::connect(&late, &QTimer::timeout, &late, [reply, stage] {
        reply.finish(fail(timedOut(stage, tr("%1 did not answer in time.").arg(stage))));
    });
    if (!context.deadline().isForever())
        late.start(int(std::clamp<qint64>(context.deadline().remainingTime(), 0, INT_MAX)));
    const auto end = co_await reply.answer();
    if (!end)
        co_return fail(end.error());
    output->exitCode = end->first;
    output->signal = end->second;
    co_return std::move(*output);
}

AgentCommands::AgentCommands(std::shared_ptr<AgentClient> agent, QMap<QString, QString> environment)
    : m_agent(std::move(agent))
    , m_environment(std::move(environment))
{
}

Task<Result<Output>> AgentCommands::look(
    Context context, QStringList argv, QMap<QString, QString> environment, QByteArray input)
{
    environment.insert(m_environment);
    return runToEnd(std::move(context), Permit(), m_agent, std::move(argv), std::move(environment),
        std::move(input));
}

Task<Result<Output>> AgentCommands::change(
    Context context, Permit permit, QStringList argv, QByteArray input)
{
    return runToEnd(
        std::move(context), permit, m_agent, std::move(argv), m_environment, std::move(input));
}

} // namespace pilothouse
