// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// A job's output: a file on the nodes' common file system, read on the login node.
#include "core/engines/slurm/slurmengine.h"
#include "core/engines/slurm/slurmjob.h"
#include "core/engines/slurm/slurmoutput.h"
#include "core/engines/slurm/slurmstate.h"

#include <QCoro/QCoroTimer>

#include <stop_token>

namespace pilothouse {

namespace {

/// Reads on while the job runs. Lives as long as its coroutine; the stream only stops it.
struct Reading {
    std::shared_ptr<SlurmState> state;
    Job job;
    quint64 offset = 0;
    bool follow = false;
    LogHandlers handlers;
    std::stop_source stop;
};

/// Where the output is, and whether the job has ended. Slurm says both while it knows the job.
struct LogPlace {
    QString path;
    bool ended = false;
};

class SlurmLogStream : public AgentStream {
public:
    explicit SlurmLogStream(std::shared_ptr<Reading> reading)
        : m_reading(std::move(reading))
    {
    }
    ~SlurmLogStream() override
    {
        m_reading->stop.request_stop();
        m_reading->handlers = {};
    }

private:
    std::shared_ptr<Reading> m_reading;
};

} // namespace

static constexpr quint64 piece = 1024 * 1024;

static Task<Result<LogPlace>> placeOf(Context context, SlurmClient client, Job job)
{
    const QString id = slurmOutputId(job);
    LogPlace place;
    auto asking = client.ask(
        context, {QStringLiteral("scontrol"), QStringLiteral("show"), QStringLiteral("job"), id});
    const auto text = co_await std::move(asking);
    if (!text && text.error().kind != ErrorKind::NotFound)
        co_return fail(text.error());
    if (!text) {
        place.path = slurmOutputPath(job, id);
        place.ended = true;
        co_return place;
    }
    place.path = slurmStdOut(*text);
    const qsizetype at = text->indexOf("\n   JobState=") + 13;
    const auto state = slurmState(QString::fromLatin1(text->mid(at, text->indexOf(' ', at) - at)));
    place.ended = jobEnded(state);
    if (place.path.isEmpty())
        place.path = slurmOutputPath(job, id);
    co_return place;
}

/// Everything that is there now; how much that was.
static Task<Result<quint64>> readAll(
    std::shared_ptr<Reading> reading, QString path, Context context)
{
    const quint64 from = reading->offset;
    while (!context.stopped()) {
        const auto agent = reading->state->context.agent();
        if (!agent)
            co_return fail(reading->state->context.runner().error());
        const ByteRange range{path, reading->offset, piece};
        auto asking = agent->readRanges(context, {range});
        const auto bytes = co_await std::move(asking);
        if (!bytes && bytes.error().kind == ErrorKind::NotFound)
            break; // not written yet
        if (!bytes)
            co_return fail(bytes.error());
        const QByteArray data = bytes->value(0);
        if (data.isEmpty())
            break;
        const quint64 at = reading->offset;
        reading->offset += quint64(data.size());
        if (const auto give = reading->handlers.data) // it may end the stream
            give(at, data);
    }
    co_return reading->offset - from;
}

static Task<> follow(std::shared_ptr<Reading> reading)
{
    const Context context(reading->stop.get_token());
    std::optional<Error> error;
    LogPlace place;
    int silent = 1; // rounds without output; first of all the place is asked for
    auto begin = QCoro::sleepFor(std::chrono::milliseconds(0)); // the caller has the stream first
    co_await std::move(begin);
    while (!context.stopped()) {
        if (silent > 0) { // one that still writes still runs: the controller is not asked
            const auto client = reading->state->client();
            if (!client) {
                error = client.error();
                break;
            }
            auto placing = placeOf(context, *client, reading->job);
            const auto found = co_await std::move(placing);
            if (!found) {
                error = found.error();
                break;
            }
            place = *found;
        }
        // Read after the state was asked for: of one that had ended then, nothing is missed.
        auto all = readAll(reading, place.path, context);
        const auto read = co_await std::move(all);
        if (!read) {
            error = read.error();
            break;
        }
        if (place.ended || !reading->follow)
            break;
        silent = *read > 0 ? 0 : std::min(silent + 1, 5);
        auto pause = QCoro::sleepFor(std::chrono::seconds(silent > 4 ? 5 : 1));
        co_await std::move(pause);
    }
    if (const auto ended = std::exchange(reading->handlers, {}).ended)
        ended(place.ended && !error, error);
}

std::unique_ptr<AgentStream> SlurmEngine::readLog(
    const Job &job, quint64 offset, bool follows, LogHandlers handlers)
{
    auto reading = std::make_shared<Reading>();
    reading->state = m_state;
    reading->job = job;
    reading->offset = offset;
    reading->follow = follows;
    reading->handlers = std::move(handlers);
    follow(reading);
    return std::make_unique<SlurmLogStream>(std::move(reading));
}

} // namespace pilothouse
