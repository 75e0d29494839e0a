// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gputest/service.h"

#include "core/agentlink/agentclient.h"
#include "core/base/log.h"
#include "core/base/reply.h"
#include "core/jobs/jobservice.h"

#include <QCoroTask>
#include <QPointer>

namespace pilothouse {

static constexpr qsizetype mostLog = 8 * 1024 * 1024; ///< its end is what counts

bool isGpuTest(const JobSpec &spec)
{
    return spec.argv.value(0) == gpuTestProgram;
}

JobSpec gpuTestSpec(int gpus, const QStringList &devices, int seconds)
{
    JobSpec spec;
    spec.name = QStringLiteral("gpu-test");
    spec.argv = QStringList{gpuTestProgram, QStringLiteral("--seconds"), QString::number(seconds)};
    spec.gpuUuids = devices;
    spec.gpus = devices.isEmpty() ? gpus : 0;
    return spec;
}

GpuTestService::GpuTestService(JobService *jobs, GpuTestStore store, QObject *parent)
    : QObject(parent)
    , m_jobs(jobs)
    , m_store(std::move(store))
{
    connect(jobs, &JobService::jobChanged, this, &GpuTestService::look);
}

GpuTestService::~GpuTestService() = default;

void GpuTestService::look(const Job &job)
{
    if (!isGpuTest(job.spec) || !jobEnded(job.state) || m_reading.contains(job.id)
        || m_store.knows(job.id))
        return;
    m_reading.insert(job.id);
    const QString id = job.id;
    QCoro::connect(collect(Context().within(std::chrono::minutes(2)), id), this,
        [this, id](const Result<GpuTestResult> &) { m_reading.remove(id); });
}

Task<Result<GpuTestResult>> GpuTestService::collect(Context context, QString id)
{
    const QPointer<GpuTestService> self(this);
    const auto job = m_jobs->find(id);
    if (!job)
        co_return fail(job.error());
    Reply<QByteArray> reply;
    auto log = std::make_shared<QByteArray>();
    LogHandlers handlers;
    handlers.data = [log](quint64, const QByteArray &data) {
        *log += data;
        if (log->size() > 2 * mostLog)
            *log = log->right(mostLog);
    };
    handlers.ended = [reply, log](bool, std::optional<Error> error) {
        if (error)
            reply.finish(fail(*error));
        else
            reply.finish(*log);
    };
    const auto stream = m_jobs->readLog(job->id, 0, false, std::move(handlers));
    if (!stream) {
        Error error{ErrorKind::Unreachable, QStringLiteral("gputest"),
            tr("The target is not connected, so the result cannot be read."), {}, {}};
        co_return fail(error);
    }
    const std::stop_callback stopped(
        context.stop(), [reply] { reply.finish(fail(cancelled(QStringLiteral("gputest")))); });
    auto future = reply.future();
    const auto read = co_await std::move(future);
    if (!read)
        co_return fail(read.error());
    const auto line = gpuTestResultIn(*read);
    Error none{ErrorKind::NotFound, QStringLiteral("gputest"),
        tr("The GPU test ended without a result."), QString::fromUtf8(read->right(300)), {}};
    const auto result = line ? parseGpuTest(*line) : fail(none);
    if (!self)
        co_return result;
    const auto kept
        = result ? m_store.add(*result, job->id, job->target) : m_store.addWithout(job->id);
    if (!kept)
        qCWarning(lcActs).noquote() << kept.error().message << kept.error().cause;
    else if (result)
        Q_EMIT stored(job->id, job->target);
    co_return result;
}

} // namespace pilothouse
