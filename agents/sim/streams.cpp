// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/sim/streams.h"

#include <grpcpp/server_context.h>

#include <algorithm>
#include <memory>
#include <optional>

namespace pilothouse::sim {

/// One call, or the wait for one. Deletes itself when the call is gone and nothing is under way.
class Stream {
public:
    explicit Stream(Streams &streams)
        : m_streams(streams)
    {
    }
    virtual ~Stream()
    {
        if (m_node >= 0)
            m_streams.m_open[std::size_t(m_node)].erase(this);
    }

    void handle(char what, bool ok);
    void pump()
    {
        if (!m_busy && !m_gone && !m_finished)
            write();
    }

protected:
    /// Another one that waits for the next call of this kind.
    virtual void waitForNext() = 0;
    virtual void write() = 0; ///< if there is something to write

    void *tag(char what)
    {
        for (auto &mine : m_tags) {
            if (mine.what == what)
                return &mine;
        }
        return nullptr;
    }
    /// A write or the end was asked of gRPC.
    void *busy(char what)
    {
        m_busy = true;
        m_finished = m_finished || what == 'f';
        return tag(what);
    }
    std::size_t node() const { return std::size_t(std::max(0L, m_node)); }
    SimHost &host() const { return m_streams.host; }

    Streams &m_streams;
    grpc::ServerContext m_context;

private:
    friend class Streams;
    struct Tag {
        Stream *stream;
        char what; ///< r: a call came, d: it is gone, w: written, f: finished
    };
    Tag m_tags[4]{{this, 'r'}, {this, 'd'}, {this, 'w'}, {this, 'f'}};
    bool m_busy = false, m_gone = false, m_finished = false;
    long m_node = -1;
};

void Stream::handle(char what, bool ok)
{
    if (what == 'r') {
        if (!ok || m_streams.m_stopping) { // the server goes down
            if (!ok)
                delete this;
            return;
        }
        waitForNext();
        m_node = m_streams.host.nodeOfPeer(m_context.peer());
        if (m_node >= 0)
            m_streams.m_open[std::size_t(m_node)].insert(this);
    } else if (what == 'd') {
        m_gone = true;
    } else {
        m_busy = false;
        m_finished = m_finished || !ok;
    }
    pump();
    if (m_gone && !m_busy)
        delete this;
}

namespace {

constexpr std::size_t ticksAtOnce = 128;

template <typename Request, typename Message> class Call : public Stream {
public:
    explicit Call(Streams &streams)
        : Stream(streams)
        , m_out(&m_context)
    {
        m_context.AsyncNotifyWhenDone(tag('d'));
    }

protected:
    Request m_request;
    grpc::ServerAsyncWriter<Message> m_out;
};

/// As the agent's AgentService::Subscribe: the consumer's cursor decides what is sent.
class SubscribeCall : public Call<v1::SubscribeRequest, v1::Batch> {
public:
    explicit SubscribeCall(Streams &streams)
        : Call(streams)
    {
        streams.service.RequestSubscribe(
            &m_context, &m_request, &m_out, &streams.queue, &streams.queue, tag('r'));
    }

private:
    void waitForNext() override { new SubscribeCall(m_streams); }

    void write() override
    {
        v1::Batch batch;
        if (m_first)
            begin(batch);
        const auto newest = host().clock().newestTick(node());
        for (; m_next <= newest && batch.count() < ticksAtOnce; ++m_next) {
            if (!host().tick(node(), m_next, m_tick))
                continue;
            if (batch.count() == 0)
                batch.set_first_number(m_tick.number);
            m_encoder.encode(m_tick, *batch.mutable_ticks());
            batch.set_count(batch.count() + 1);
        }
        if (m_request.kernel_events())
            host().kernelEvents(node(), m_eventsFrom, batch);
        if (!m_first && batch.count() == 0 && batch.kernel_events_size() == 0)
            return;
        m_first = false;
        batch.set_catalogue_version(1);
        const auto wall = host().clock().wallNs(host().clock().second());
        batch.set_sent_wall_ns(wall);
        batch.set_sent_boottime_ns(host().boottimeNs(node(), wall));
        m_out.Write(batch, busy('w'));
    }

    void begin(v1::Batch &batch)
    {
        const auto &clock = host().clock();
        const auto ring = host().ringId(node());
        const bool sameRing = m_request.ring_id() == ring;
        const auto newest = clock.newestTick(node());
        m_next = clock.oldestTick();
        if (sameRing && m_request.after() <= clock.numberOf(newest))
            m_next = std::max(m_next, clock.tickOf(m_request.after()) + 1);
        if (m_request.newest() > 0)
            m_next = std::max(m_next, newest + 1 - int64_t(m_request.newest()));
        batch.set_ring_id(ring);
        batch.set_boot_id(host().bootId(node()));
        if (!sameRing || m_request.known_catalogue() < 1)
            host().catalogue(node(), *batch.mutable_catalogue());
    }

    bool m_first = true;
    int64_t m_next = 0;
    double m_eventsFrom = -4 * 3600; ///< so much of the kernel's log is still there
    wire::Tick m_tick;
    wire::TickEncoder m_encoder;
};

class WatchCall : public Call<v1::WatchJobsRequest, v1::JobEvent> {
public:
    explicit WatchCall(Streams &streams)
        : Call(streams)
    {
        streams.service.RequestWatchJobs(
            &m_context, &m_request, &m_out, &streams.queue, &streams.queue, tag('r'));
    }

private:
    void waitForNext() override { new WatchCall(m_streams); }

    void write() override
    {
        if (!m_listed) {
            m_listed = true;
            m_position = host().changesUntilNow(node());
            for (auto &job : host().jobs(node()))
                *m_events.emplace_back().mutable_job() = std::move(job);
            m_events.emplace_back().set_listed(true);
        }
        if (m_sent == m_events.size()) {
            m_events.clear();
            m_sent = 0;
            for (auto &change : host().changes(node(), m_position)) {
                auto &event = m_events.emplace_back();
                event.set_forgotten(!change.job);
                if (change.job)
                    *event.mutable_job() = std::move(*change.job);
                event.mutable_job()->set_id(change.id);
            }
        }
        if (m_sent < m_events.size())
            m_out.Write(m_events[m_sent++], busy('w'));
    }

    bool m_listed = false;
    std::size_t m_position = 0, m_sent = 0;
    std::vector<v1::JobEvent> m_events;
};

class LogCall : public Call<v1::ReadLogRequest, v1::LogChunk> {
public:
    explicit LogCall(Streams &streams)
        : Call(streams)
    {
        streams.service.RequestReadLog(
            &m_context, &m_request, &m_out, &streams.queue, &streams.queue, tag('r'));
    }

private:
    static constexpr uint64_t chunkBytes = 64 * 1024;

    void waitForNext() override { new LogCall(m_streams); }

    void write() override
    {
        if (!m_started) {
            m_started = true;
            m_offset = m_request.offset();
            m_left = m_request.limit() == 0 ? UINT64_MAX : m_request.limit();
        }
        if (m_ended || m_left == 0) {
            m_out.Finish(grpc::Status::OK, busy('f'));
            return;
        }
        auto part = host().log(
            node(), m_request.id(), m_offset, std::size_t(std::min(m_left, chunkBytes)));
        if (!part) {
            m_out.Finish({grpc::StatusCode::NOT_FOUND,
                             "There is no job " + m_request.id() + " on this node."},
                busy('f'));
            return;
        }
        if (part->data.empty() && !part->ended) {
            if (!m_request.follow())
                m_out.Finish(grpc::Status::OK, busy('f'));
            return;
        }
        v1::LogChunk chunk;
        chunk.set_offset(m_offset);
        m_offset += part->data.size();
        m_left -= part->data.size();
        m_ended = part->ended;
        chunk.set_data(std::move(part->data));
        chunk.set_end(m_ended);
        m_out.Write(chunk, busy('w'));
    }

    bool m_started = false, m_ended = false;
    uint64_t m_offset = 0, m_left = 0;
};

} // namespace

Streams::Streams(SimService &service_, SimHost &host_, grpc::ServerCompletionQueue &queue_)
    : service(service_)
    , host(host_)
    , queue(queue_)
    , m_open(host_.nodes())
{
    new SubscribeCall(*this);
    new WatchCall(*this);
    new LogCall(*this);
}

Streams::~Streams() = default;

void Streams::event(void *tag, bool ok)
{
    auto *mine = static_cast<Stream::Tag *>(tag);
    mine->stream->handle(mine->what, ok);
}

void Streams::tick(std::size_t node)
{
    const auto open = m_open[node]; // a pump deletes nothing, but keeps the set as it is
    for (auto *stream : open)
        stream->pump();
}

} // namespace pilothouse::sim
