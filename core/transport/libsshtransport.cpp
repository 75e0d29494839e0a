// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/libsshtransport.h"

#include "core/transport/libsshpump.h"
#include "core/transport/mainthread.h"

#include <QPointer>

namespace pilothouse {

LibsshTransport::LibsshTransport(std::shared_ptr<SshSession> session)
    : m_session(std::move(session))
{
    const QPointer<LibsshTransport> self(this);
    IoLoop::instance().post([session = m_session, self] {
        const auto tell = [self](const Error &error) {
            onMainThread([self, error] {
                if (self && !self->m_closed)
                    Q_EMIT self->lost(error);
            });
        };
        if (session->alive())
            session->onLost = tell;
        else
            tell({ErrorKind::Unreachable, QStringLiteral("connection"),
                QCoreApplication::translate("transport", "The connection to %1 was lost.")
                    .arg(session->name()),
                session->rawError(), {}});
    });
}

LibsshTransport::~LibsshTransport()
{
    LibsshTransport::close();
}

void LibsshTransport::close()
{
    m_closed = true;
    m_session->close();
}

Task<Result<Output>> LibsshTransport::start(
    std::shared_ptr<SshSession> session, Context context, Command command, Progress progress)
{
    if (context.stopped())
        co_return fail(cancelled(QStringLiteral("command")));
    const auto line = remoteCommandLine(command);
    if (!line)
        co_return fail(line.error());
    Reply<Output> reply;
    auto run = std::make_shared<SshRun>(
        SshChannel::Kind::Run, *line, command.input, std::move(progress), reply);
    IoLoop::instance().post([session, run] { session->add(run); });
    auto running = bounded(context, reply, QStringLiteral("command"), [run] { run->abort(); });
    co_return co_await std::move(running);
}

Task<Result<Output>> LibsshTransport::run(Context context, Command command)
{
    return start(m_session, std::move(context), std::move(command), {});
}

Task<Result<std::shared_ptr<Descriptor>>> LibsshTransport::open(Context context, Command command)
{
    const auto session = m_session;
    if (context.stopped())
        co_return fail(cancelled(QStringLiteral("command")));
    const auto line = remoteCommandLine(command);
    if (!line)
        co_return fail(line.error());
    Reply<std::shared_ptr<Descriptor>> reply;
    auto stream = std::make_shared<SshStream>(*line, reply);
    IoLoop::instance().post([session, stream] { session->add(stream); });
    auto opening
        = bounded(context, reply, QStringLiteral("command"), [stream] { stream->abort(); });
    co_return co_await std::move(opening);
}

Task<Result<>> LibsshTransport::upload(
    Context context, QByteArray data, QString remotePath, Progress progress)
{
    const Switchable<qint64, qint64> reports(std::move(progress));
    auto writing
        = start(m_session, std::move(context), uploadCommand(data, remotePath), reports.callback());
    const auto output = co_await std::move(writing);
    co_return uploadResult(output, remotePath);
}

} // namespace pilothouse
