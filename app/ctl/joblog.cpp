// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/joblog.h"

#include "app/ctl/output.h"
#include "app/ctl/outputwatch.h"
#include "core/base/units.h"
#include "core/jobs/jobservice.h"
#include "core/session/workspace.h"
#include "core/transport/bounded.h"

#include <unistd.h>

namespace pilothouse::ctl {

using namespace std::chrono_literals;

/// Until the target's link is back.
static Task<Result<>> waitForLink(Desk *desk, QString target)
{
    for (;;) {
        auto *session = desk->services().workspace->session(target);
        if (!session) {
            Error gone{ErrorKind::NotFound, QStringLiteral("log"),
                tr("The target is gone from the inventory."), target, {}};
            co_return fail(gone);
        }
        auto opening = session->open(desk->context());
        const auto link = co_await std::move(opening);
        if (link)
            co_return Result<>();
        if (desk->context().expired())
            co_return fail(timedOut(QStringLiteral("log"), tr("The time limit is over.")));
        if (desk->context().stopped())
            co_return fail(cancelled(QStringLiteral("log")));
        const auto kind = link.error().kind;
        if (kind != ErrorKind::Unreachable && kind != ErrorKind::Timeout)
            co_return fail(link.error());
        auto pausing = bounded(desk->context().within(2s), Reply<>(), QStringLiteral("log"), {});
        co_await std::move(pausing);
    }
}

Task<Result<>> readWholeLog(Desk &desk, QString id, bool follow,
    std::function<void(quint64 offset, const QByteArray &data)> take)
{
    auto *all = &desk;
    const auto job = all->services().jobs->find(id);
    if (!job)
        co_return fail(job.error());
    auto offset = std::make_shared<quint64>(0);
    for (;;) {
        Reply<> reply;
        LogHandlers handlers;
        handlers.data = [offset, take](quint64 at, const QByteArray &data) {
            take(at, data);
            *offset = at + quint64(data.size());
        };
        handlers.ended = [reply](bool, std::optional<Error> error) {
            if (error)
                reply.finish(fail(*error));
            else
                reply.finish({});
        };
        const auto stream = all->services().jobs->readLog(id, *offset, follow, std::move(handlers));
        if (stream) {
            auto waiting = bounded(all->context(), reply, QStringLiteral("log"), {});
            const auto ended = co_await std::move(waiting);
            if (ended || ended.error().kind != ErrorKind::Unreachable)
                co_return ended;
            Error lost = ended.error();
            lost.message = tr("The link is lost; the job goes on. Connecting again.");
            printSetback(lost, all->json());
        }
        auto waiting = waitForLink(all, job->target);
        const auto back = co_await std::move(waiting);
        if (!back)
            co_return back;
    }
}

Task<Result<Job>> watchToTheEnd(Desk &desk, QString id, bool showLog)
{
    auto *all = &desk;
    if (showLog) {
        const auto watch = std::make_unique<OutputWatch>();
        std::function<void(quint64, const QByteArray &)> take
            = [](quint64, const QByteArray &data) { writeAll(STDOUT_FILENO, data); };
        auto reading = readWholeLog(*all, id, true, std::move(take));
        const auto read = co_await std::move(reading);
        if (!read)
            co_return fail(read.error());
    }
    auto waiting = all->services().jobs->waitFor(all->context(), id);
    co_return co_await std::move(waiting);
}

int waitFailed(const Desk &desk, Error error, const QString &id)
{
    const bool late = error.kind == ErrorKind::Timeout && !desk.context().deadline().isForever();
    if (late)
        error.message = tr("The time limit is over; the job goes on.");
    if (late || error.kind == ErrorKind::Cancelled)
        error.next = late ? tr("Follow it: pilothousectl logs -f %1").arg(id)
                          : tr("The job goes on: pilothousectl logs -f %1").arg(id);
    const int code = failed(desk, error);
    return late ? code : 255;
}

int jobExitCode(const Job &job)
{
    if (job.signal && *job.signal > 0)
        return 128 + *job.signal;
    if (job.exitCode)
        return *job.exitCode;
    return job.state == JobState::Succeeded ? 0 : 255;
}

QString jobSummary(const Job &job)
{
    QString text = jobStateName(job.state);
    if (job.exitCode && !(job.signal && *job.signal > 0))
        text += tr(", exit code %1").arg(*job.exitCode);
    if (job.signal && *job.signal > 0)
        text += tr(", signal %1").arg(*job.signal);
    if (job.startedAt > 0 && job.endedAt > 0)
        text += tr(", after %1")
                    .arg(formatDuration(std::chrono::milliseconds(job.endedAt - job.startedAt)));
    if (!job.reason.isEmpty())
        text += QStringLiteral(": ") + job.reason;
    return text;
}

} // namespace pilothouse::ctl
