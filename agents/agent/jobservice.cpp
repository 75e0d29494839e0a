// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// The calls about jobs; what they do is in JobStore.
#include "agents/agent/gpuchoice.h"
#include "agents/agent/refusal.h"
#include "agents/agent/service.h"

#include <cerrno>
#include <chrono>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>

namespace pilothouse::agent {

static constexpr std::size_t logChunk = 128 * 1024;
static constexpr int usePeriod = 15; // times cancelCheckMs

grpc::Status AgentService::SubmitJob(
    Context *context, const v1::SubmitJobRequest *request, v1::SubmitJobReply *reply)
{
    const auto &spec = request->spec();
    if ((spec.gpus() > 0 || spec.gpu_uuids_size() > 0) && !m_jobs.find(spec.client_id()))
        waitForGpus(m_telemetry, [this, context] { return gone(context); });
    return m_jobs.submit(spec, *reply);
}

grpc::Status AgentService::ListJobs(
    Context *, const v1::ListJobsRequest *request, v1::ListJobsReply *reply)
{
    if (request->ids().empty()) {
        for (auto &job : m_jobs.all())
            *reply->add_jobs() = std::move(job);
    }
    for (const auto &id : request->ids()) {
        if (auto job = m_jobs.find(id))
            *reply->add_jobs() = std::move(*job);
    }
    return Status::OK;
}

grpc::Status AgentService::WatchJobs(
    Context *context, const v1::WatchJobsRequest *, Writer<v1::JobEvent> *out)
{
    uint64_t version = 0;
    int untilUse = usePeriod;
    while (!gone(context)) {
        if (version > 0 && !m_jobs.waitForChange(version, cancelCheckMs)) {
            // What jobs take of the GPUs grows all the time: it is told now and then.
            if (--untilUse > 0)
                continue;
            untilUse = usePeriod;
            bool open = true;
            for (auto &job : m_jobs.onGpus()) {
                v1::JobEvent event;
                *event.mutable_job() = std::move(job);
                open = open && out->Write(event);
            }
            if (!open)
                break;
            continue;
        }
        const bool first = version == 0;
        auto changes = m_jobs.changesAfter(version);
        version = changes.version;
        bool open = true;
        for (auto &job : changes.jobs) {
            v1::JobEvent event;
            *event.mutable_job() = std::move(job);
            open = open && out->Write(event);
        }
        for (const auto &id : changes.forgotten) {
            v1::JobEvent event;
            event.mutable_job()->set_id(id);
            event.set_forgotten(true);
            open = open && out->Write(event);
        }
        if (first) {
            v1::JobEvent event;
            event.set_listed(true);
            open = open && out->Write(event);
        }
        if (!open)
            break;
    }
    return Status::OK;
}

grpc::Status AgentService::SignalJob(
    Context *, const v1::SignalJobRequest *request, v1::SignalJobReply *reply)
{
    return m_jobs.signal(request->id(), request->signal(), *reply->mutable_job());
}

grpc::Status AgentService::CancelJob(
    Context *, const v1::CancelJobRequest *request, v1::CancelJobReply *reply)
{
    return m_jobs.cancel(request->id(), request->grace_seconds(), *reply->mutable_job());
}

grpc::Status AgentService::ForgetJob(
    Context *, const v1::ForgetJobRequest *request, v1::ForgetJobReply *)
{
    return m_jobs.forget(request->id());
}

static bool hasEnded(const v1::Job &job)
{
    return job.state() != v1::QUEUED && job.state() != v1::RUNNING;
}

namespace {
/// Sleeps until the log may have grown or some job has changed.
class LogWaiter {
public:
    LogWaiter(JobStore &jobs, const std::string &file)
        : m_jobs(jobs)
        , m_changed(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
        , m_inotify(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK))
    {
        ::inotify_add_watch(m_inotify.number(), file.c_str(), IN_MODIFY);
        m_jobs.addListener(m_changed.number());
    }
    ~LogWaiter() { m_jobs.removeListener(m_changed.number()); }

    void wait()
    {
        pollfd polled[] = {{m_changed.number(), POLLIN, 0}, {m_inotify.number(), POLLIN, 0}};
        ::poll(polled, 2, cancelCheckMs);
        eventfd_t ignored = 0;
        ::eventfd_read(m_changed.number(), &ignored);
        char events[4096];
        while (::read(m_inotify.number(), events, sizeof events) > 0) { }
    }

private:
    JobStore &m_jobs;
    Fd m_changed, m_inotify;
};
} // namespace

grpc::Status AgentService::ReadLog(
    Context *context, const v1::ReadLogRequest *request, Writer<v1::LogChunk> *out)
{
    auto job = m_jobs.find(request->id());
    if (!job)
        return refuse(
            grpc::StatusCode::NOT_FOUND, "There is no job " + request->id() + " on this host.");
    const std::string file = m_jobs.folderOf(request->id()) / jobfile::log;
    Fd log(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    std::unique_ptr<LogWaiter> waiter;
    uint64_t offset = request->offset(),
             left = request->limit() == 0 ? UINT64_MAX : request->limit();
    std::string buffer(logChunk, '\0');
    while (!gone(context)) {
        // Asked before reading: what is there once it has ended is all there will be.
        job = m_jobs.find(request->id());
        const bool ended = !job || hasEnded(*job);
        if (!log)
            log = Fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC)); // not there before the job starts
        ssize_t n = 0;
        if (log)
            n = ::pread(log.number(), buffer.data(), std::min<uint64_t>(buffer.size(), left),
                static_cast<off_t>(offset));
        if (n < 0)
            return refuseErrno(errno, file);
        v1::LogChunk chunk;
        chunk.set_offset(offset);
        chunk.set_data(buffer.data(), static_cast<std::size_t>(n));
        offset += static_cast<uint64_t>(n);
        left -= static_cast<uint64_t>(n);
        chunk.set_end(n == 0 && left > 0 && ended);
        if ((n > 0 || chunk.end()) && !out->Write(chunk))
            break;
        if (chunk.end() || left == 0 || (n == 0 && !request->follow()))
            break;
        if (n == 0) {
            if (!waiter && log) {
                waiter = std::make_unique<LogWaiter>(m_jobs, file);
                continue; // it may have grown before the watch was there
            }
            if (waiter)
                waiter->wait();
            else
                m_jobs.waitForChange(m_jobs.changesAfter(UINT64_MAX).version, 100);
        } else if (request->follow() && static_cast<std::size_t>(n) < logChunk / 8) {
            // A job that prints line by line: a few messages a second less, nobody sees 20 ms.
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    }
    return Status::OK;
}

} // namespace pilothouse::agent
