// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/opensshtransport.h"

#include "core/transport/bounded.h"
#include "core/transport/childprocess.h"
#include "core/transport/mainthread.h"
#include "core/transport/opensshmaster.h"
#include "core/transport/remotecommand.h"

#include <vector>

namespace pilothouse {

namespace {

// One `ssh -S` and what its stderr told. The filter is the I/O thread's while the child runs.
struct Session {
    std::shared_ptr<ChildProcess> child;
    std::shared_ptr<MarkerFilter> filter = std::make_shared<MarkerFilter>();
};

Error unreachable(const QString &name, const QString &cause)
{
    return {ErrorKind::Unreachable, QStringLiteral("command"),
        QCoreApplication::translate("transport", "The connection to %1 was lost.").arg(name), cause,
        {}};
}

// What it means that ssh never got to the command.
Error notStarted(const OpenSshMaster &master, const Output &output)
{
    const QString text = QString::fromUtf8(output.err).trimmed();
    if (output.exitCode == 127)
        return {ErrorKind::Unsupported, QStringLiteral("command"),
            QCoreApplication::translate("transport", "The ssh program was not found."), text, {}};
    if (master.isUp() && text.contains(QLatin1String("refused by peer")))
        return {ErrorKind::Conflict, QStringLiteral("command"),
            QCoreApplication::translate("transport", "%1 opens no more sessions.")
                .arg(master.name()),
            text, QCoreApplication::translate("transport", "Wait until another command ends.")};
    return unreachable(master.name(), text);
}

} // namespace

// Outlives the transport while commands run.
struct OpenSshTransport::Shared {
    std::shared_ptr<OpenSshMaster> master;
    // Below: I/O thread.
    bool closed = false;
    std::vector<std::weak_ptr<ChildProcess>> alive;

    bool add(const std::shared_ptr<ChildProcess> &child)
    {
        std::erase_if(alive, [](const auto &one) { return one.expired(); });
        if (!closed)
            alive.push_back(child);
        return !closed;
    }
    Error closedError() const
    {
        return {ErrorKind::Unreachable, QStringLiteral("command"),
            QCoreApplication::translate("transport", "The connection was closed."), {}, {}};
    }
    static void stop(const std::shared_ptr<Session> &session, const QStringList &killer)
    {
        // Ending our ssh alone would leave the command running over there.
        if (!killer.isEmpty())
            std::make_shared<ChildProcess>(Command(QStringLiteral("ssh"), killer), Reply<Output>())
                ->run();
        session->child->kill();
    }
    std::function<void()> abort(const std::shared_ptr<Session> &session) const
    {
        const auto arguments
            = [master = master](const QByteArray &line) { return master->commandArguments(line); };
        return [session, arguments] {
            QStringList killer;
            if (const auto pid = session->filter->pid())
                if (const auto line = remoteCommandLine(killCommand(*pid)))
                    killer = arguments(*line);
            stop(session, killer);
        };
    }
};

OpenSshTransport::OpenSshTransport(std::shared_ptr<OpenSshMaster> master)
    : m_shared(std::make_shared<Shared>())
{
    m_shared->master = std::move(master);
    connect(m_shared->master.get(), &OpenSshMaster::lost, this, &OpenSshTransport::lost);
}

OpenSshTransport::~OpenSshTransport()
{
    OpenSshTransport::close();
}

void OpenSshTransport::close()
{
    m_shared->master->disconnect(this);
    m_shared->master->close();
    IoLoop::instance().post([shared = m_shared] {
        shared->closed = true;
        for (const auto &one : std::exchange(shared->alive, {}))
            if (const auto child = one.lock())
                child->kill();
        // The last holder must let go of the master on its own thread.
        onMainThread([shared] {});
    });
}

// The shell in between turns a death by signal into 128 + n, which ssh would report as 255, its
// own failure. Its own words about that death are dropped.
static Command withStatus(Command command)
{
    QStringList arguments{QStringLiteral("-c"),
        QStringLiteral("{ \"$@\" 2>&3 3>&-; } 3>&2 2>/dev/null"), QStringLiteral("sh"),
        command.program};
    arguments << command.arguments;
    return Command(QStringLiteral("sh"), std::move(arguments), std::move(command.input));
}

static Task<bool> answersCheck(std::shared_ptr<OpenSshMaster> master)
{
    Reply<Output> reply;
    const Command check(QStringLiteral("ssh"), master->checkArguments());
    auto child = std::make_shared<ChildProcess>(check, reply);
    IoLoop::instance().post([child] { child->run(); });
    const Context context;
    auto checking = bounded(context.within(std::chrono::seconds(5)), reply,
        QStringLiteral("command"), [child] { child->kill(); });
    const auto output = co_await std::move(checking);
    co_return output && output->exitCode == 0;
}

Task<Result<Output>> OpenSshTransport::start(
    std::shared_ptr<Shared> shared, Context context, Command command, Progress progress)
{
    if (context.stopped())
        co_return fail(cancelled(QStringLiteral("command")));
    const auto line = remoteCommandLine(withStatus(command));
    if (!line)
        co_return fail(line.error());
    const auto session = std::make_shared<Session>();
    Reply<Output> reply;
    const Command ssh(
        QStringLiteral("ssh"), shared->master->commandArguments(*line), command.input);
    session->child = std::make_shared<ChildProcess>(ssh, reply, std::move(progress));
    session->child->setErrFilter(
        [filter = session->filter](const QByteArray &piece) { return filter->filter(piece); });
    IoLoop::instance().post([shared, session, reply] {
        if (shared->add(session->child))
            session->child->run();
        else
            reply.finish(fail(shared->closedError()));
    });
    auto running = bounded(context, reply, QStringLiteral("command"), shared->abort(session));
    auto output = co_await std::move(running);
    if (!output)
        co_return output;
    const bool started = session->filter->pid().has_value();
    output->err += session->filter->rest();
    if (!shared->master->isUp())
        co_return fail(unreachable(shared->master->name(), QString::fromUtf8(output->err)));
    if (!started)
        co_return fail(notStarted(*shared->master, *output));
    if (output->exitCode == 255 || output->signal != 0) {
        auto checking = answersCheck(shared->master);
        if (const bool up = co_await std::move(checking); !up)
            co_return fail(unreachable(shared->master->name(), QString::fromUtf8(output->err)));
    }
    co_return output;
}

Task<Result<Output>> OpenSshTransport::run(Context context, Command command)
{
    return start(m_shared, std::move(context), std::move(command), {});
}

// Answers for a command that ended before it had begun.
static Task<> failWhenOver(std::shared_ptr<OpenSshMaster> master, std::shared_ptr<Session> session,
    Reply<Output> over, Reply<std::shared_ptr<Descriptor>> reply)
{
    auto future = over.future();
    const auto output = co_await std::move(future);
    if (!output) {
        reply.finish(fail(output.error()));
    } else {
        Output told = *output;
        told.err = session->filter->rest();
        reply.finish(fail(notStarted(*master, told)));
    }
}

Task<Result<std::shared_ptr<Descriptor>>> OpenSshTransport::open(Context context, Command command)
{
    if (context.stopped())
        co_return fail(cancelled(QStringLiteral("command")));
    const auto line = remoteCommandLine(command);
    if (!line)
        co_return fail(line.error());
    const auto shared = m_shared;
    const auto session = std::make_shared<Session>();
    Reply<Output> over;
    Reply<std::shared_ptr<Descriptor>> reply;
    const Command ssh(QStringLiteral("ssh"), shared->master->commandArguments(*line));
    session->child = std::make_shared<ChildProcess>(ssh, over);
    const auto ours = std::make_shared<std::shared_ptr<Descriptor>>();
    session->child->setErrFilter([filter = session->filter, ours, reply](const QByteArray &piece) {
        const QByteArray text = filter->filter(piece);
        if (filter->pid() && *ours)
            reply.finish(std::exchange(*ours, nullptr)); // the command runs
        return text;
    });
    IoLoop::instance().post([shared, session, ours, over] {
        if (!shared->add(session->child)) {
            over.finish(fail(shared->closedError()));
            return;
        }
        *ours = session->child->open();
    });
    failWhenOver(shared->master, session, over, reply);
    auto opening = bounded(context, reply, QStringLiteral("command"), shared->abort(session));
    co_return co_await std::move(opening);
}

Task<Result<>> OpenSshTransport::upload(
    Context context, QByteArray data, QString remotePath, Progress progress)
{
    const Switchable<qint64, qint64> reports(std::move(progress));
    auto writing
        = start(m_shared, std::move(context), uploadCommand(data, remotePath), reports.callback());
    const auto output = co_await std::move(writing);
    co_return uploadResult(output, remotePath);
}

} // namespace pilothouse
