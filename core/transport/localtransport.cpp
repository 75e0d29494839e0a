// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/localtransport.h"

#include "core/transport/bounded.h"
#include "core/transport/childprocess.h"
#include "core/transport/mainthread.h"
#include "core/transport/remotecommand.h"

#include <QSysInfo>

#include <vector>

namespace pilothouse {

struct LocalTransport::Children {
    bool closed = false;
    std::vector<std::weak_ptr<ChildProcess>> alive;

    void add(const std::shared_ptr<ChildProcess> &child)
    {
        std::erase_if(alive, [](const auto &one) { return one.expired(); });
        alive.push_back(child);
    }
};

static Error closedError(const QString &stage)
{
    return {ErrorKind::Unreachable, stage,
        QCoreApplication::translate("transport", "The connection was closed."), {}, {}};
}

LocalTransport::LocalTransport()
    : m_children(std::make_shared<Children>())
{
}

LocalTransport::~LocalTransport()
{
    LocalTransport::close();
}

Task<Result<Output>> LocalTransport::start(
    std::shared_ptr<Children> children, Context context, Command command, Progress progress)
{
    const QString stage = QStringLiteral("command");
    if (context.stopped())
        co_return fail(cancelled(stage));
    Reply<Output> reply;
    auto child = std::make_shared<ChildProcess>(std::move(command), reply, std::move(progress));
    IoLoop::instance().post([children, child, reply, stage] {
        if (children->closed) {
            reply.finish(fail(closedError(stage)));
            return;
        }
        children->add(child);
        child->run();
    });
    auto ended = bounded(std::move(context), reply, stage, [child] { child->kill(); });
    co_return co_await std::move(ended);
}

Task<Result<Output>> LocalTransport::run(Context context, Command command)
{
    return start(m_children, std::move(context), std::move(command), {});
}

Task<Result<std::shared_ptr<Descriptor>>> LocalTransport::open(Context context, Command command)
{
    const QString stage = QStringLiteral("command");
    if (context.stopped())
        co_return fail(cancelled(stage));
    Reply<std::shared_ptr<Descriptor>> reply;
    auto child = std::make_shared<ChildProcess>(std::move(command), Reply<Output>());
    IoLoop::instance().post([children = m_children, child, reply, stage] {
        if (children->closed) {
            reply.finish(fail(closedError(stage)));
            return;
        }
        children->add(child);
        auto opened = child->open();
        if (!opened)
            reply.finish(fail(Error{ErrorKind::Internal, stage,
                QCoreApplication::translate("transport", "No more files can be opened."), {}, {}}));
        else
            reply.finish(std::move(opened));
    });
    auto ended = bounded(std::move(context), reply, stage, [child] { child->kill(); });
    co_return co_await std::move(ended);
}

Task<Result<>> LocalTransport::upload(
    Context context, QByteArray data, QString remotePath, Progress progress)
{
    const Switchable<qint64, qint64> reports(std::move(progress));
    auto written = start(
        m_children, std::move(context), uploadCommand(data, remotePath), reports.callback());
    const auto output = co_await std::move(written);
    co_return uploadResult(output, remotePath);
}

void LocalTransport::close()
{
    IoLoop::instance().post([children = m_children] {
        children->closed = true;
        for (const auto &one : std::exchange(children->alive, {}))
            if (const auto child = one.lock())
                child->kill();
    });
}

Task<Result<Connected>> connectLocal(Context context, Target, StageSink report)
{
    if (context.stopped())
        co_return fail(cancelled(stageId(Stage::Resolve)));
    StageReport line;
    line.state = StageState::Done;
    line.result = QCoreApplication::translate("transport", "this machine");
    report(line);
    for (const Stage stage : {Stage::Tcp, Stage::Banner, Stage::HostKey, Stage::Authentication}) {
        line.stage = stage;
        line.state = StageState::Skipped;
        line.result = QCoreApplication::translate("transport", "not needed on this machine");
        report(line);
    }
    Connected connected;
    connected.transport = std::make_shared<LocalTransport>();
    connected.why = QCoreApplication::translate(
        "transport", "local: commands run on this machine, without SSH");
    connected.summary = QSysInfo::machineHostName();
    co_return connected;
}

} // namespace pilothouse
