// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Private to core/agentlink: unary calls and server streams over a completion queue.

#include "core/agentlink/convert.h"
#include "core/agentlink/grpcthreads.h"
#include "core/base/reply.h"
#include "core/base/task.h"
#include "core/transport/mainthread.h"

#include <QCoreApplication>

#include <grpcpp/client_context.h>
#include <grpcpp/support/async_stream.h>
#include <grpcpp/support/async_unary_call.h>

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

namespace pilothouse {

/// Cancels a call when it is asked to stop or the gRPC threads end.
class CancelOn {
public:
    CancelOn(grpc::ClientContext &client, std::stop_token stop)
        : m_stop(std::move(stop), [&client] { client.TryCancel(); })
        , m_exit(agentThreadsStopping(), [&client] { client.TryCancel(); })
    {
    }

private:
    std::stop_callback<std::function<void()>> m_stop, m_exit;
};

inline void applyDeadline(grpc::ClientContext &client, const Context &context)
{
    if (!context.deadline().isForever())
        client.set_deadline(
            std::chrono::system_clock::now() + context.deadline().remainingTimeAsDuration());
}

template <typename Response> class UnaryCall : public CompletionTag {
public:
    using Reader = std::unique_ptr<grpc::ClientAsyncResponseReader<Response>>;

    UnaryCall(const Context &context, QString stage)
        : m_stage(std::move(stage))
        , m_asked(context.stop())
        , m_cancel(client, context.stop())
    {
        applyDeadline(client, context);
    }
    void start(Reader reader)
    {
        m_reader = std::move(reader);
        m_reader->StartCall();
        m_reader->Finish(&m_response, &m_status, this);
    }
    void done(bool) override
    {
        if (m_status.ok())
            reply.finish(std::move(m_response));
        else
            reply.finish(fail(toError(m_status, m_stage, m_asked.stop_requested())));
        delete this;
    }

    grpc::ClientContext client;
    Reply<Response> reply;

private:
    QString m_stage;
    Response m_response;
    grpc::Status m_status;
    Reader m_reader;
    std::stop_token m_asked;
    CancelOn m_cancel;
};

/// `method`: &Stub::PrepareAsyncX. The stub must live until the call has started, which is before
/// this returns.
template <typename Response, typename Stub, typename Method, typename Request>
QFuture<Result<Response>> startCall(
    const Context &context, Stub &stub, Method method, const Request &request, const QString &stage)
{
    if (context.stopped() || context.expired()) {
        Reply<Response> reply;
        reply.finish(fail(context.stopped()
                ? cancelled(stage)
                : timedOut(stage, QStringLiteral("The time limit has passed."))));
        return reply.future();
    }
    auto *call = new UnaryCall<Response>(context, stage); // deletes itself when done
    const auto future = call->reply.future();
    call->start((stub.*method)(&call->client, request, grpcQueue()));
    return future;
}

/// A server stream. Messages are turned into items on the gRPC thread, queued (bounded: when full
/// no next read is asked for, so that back-pressure reaches the agent), and delivered on the main
/// thread by one coalesced wake-up.
template <typename Message, typename Item> class StreamState
    : public std::enable_shared_from_this<StreamState<Message, Item>> {
public:
    using Convert = std::function<Result<Item>(Message &)>;
    using Deliver = std::function<void(Item &)>;
    using Ended = std::function<void(const grpc::Status &, const std::optional<Error> &)>;

    grpc::ClientContext client;

    StreamState(std::size_t limit, Convert convert, Deliver deliver, Ended ended)
        : m_limit(limit)
        , m_convert(std::move(convert))
        , m_deliver(std::move(deliver))
        , m_ended(std::move(ended))
    {
    }

    /// `reader`: of Stub::PrepareAsyncX with `client`; not started yet, since its first tag may
    /// come before we hold it.
    void start(std::unique_ptr<grpc::ClientAsyncReader<Message>> reader)
    {
        m_self = this->shared_from_this(); // let go of by the finish tag
        m_reader = std::move(reader);
        m_reader->StartCall(&m_started);
    }

    /// Main thread; no handler runs after it.
    void abandon()
    {
        m_deliver = {};
        m_ended = {};
        client.TryCancel();
    }

private:
    struct MemberTag : CompletionTag {
        StreamState *state;
        void (StreamState::*member)(bool);
        MemberTag(StreamState *state, void (StreamState::*member)(bool))
            : state(state)
            , member(member)
        {
        }
        void done(bool ok) override { (state->*member)(ok); }
    };

    void onStarted(bool ok)
    {
        if (ok)
            read();
        else
            finish();
    }

    void read()
    {
        {
            const QueueUse use;
            if (use) {
                m_reader->Read(&m_message, &m_read);
                return;
            }
        }
        m_self.reset(); // nobody waits any more; may destroy us
    }

    void finish()
    {
        {
            const QueueUse use;
            if (use) {
                m_reader->Finish(&m_status, &m_finished);
                return;
            }
        }
        m_self.reset();
    }

    void onRead(bool ok)
    {
        if (!ok) {
            finish();
            return;
        }
        auto item = m_convert(m_message);
        if (!item) {
            m_error = item.error();
            client.TryCancel();
            finish();
            return;
        }
        bool wake = false, more = false;
        {
            const std::lock_guard lock(m_mutex);
            m_items.push_back(std::move(*item));
            wake = !std::exchange(m_woken, true);
            more = m_items.size() < m_limit;
            m_paused = !more;
        }
        if (wake)
            onMainThread([self = this->shared_from_this()] { self->drain(); });
        if (more)
            read();
    }

    void onFinished(bool)
    {
        onMainThread([self = this->shared_from_this()] {
            self->drain();
            if (auto ended = std::exchange(self->m_ended, {}))
                ended(self->m_status, self->m_error);
        });
        m_self.reset();
    }

    void drain()
    {
        std::deque<Item> items;
        bool resume = false;
        {
            const std::lock_guard lock(m_mutex);
            items.swap(m_items);
            m_woken = false;
            resume = std::exchange(m_paused, false);
        }
        if (resume)
            read(); // whoever called us holds us
        for (auto &item : items) {
            if (m_deliver) {
                const auto deliver = m_deliver; // a handler may abandon us
                deliver(item);
            }
        }
    }

    const std::size_t m_limit;
    Convert m_convert;
    Deliver m_deliver;
    Ended m_ended;
    std::unique_ptr<grpc::ClientAsyncReader<Message>> m_reader;
    Message m_message;
    grpc::Status m_status;
    std::optional<Error> m_error;
    MemberTag m_started{this, &StreamState::onStarted};
    MemberTag m_read{this, &StreamState::onRead};
    MemberTag m_finished{this, &StreamState::onFinished};
    std::mutex m_mutex;
    std::deque<Item> m_items;
    bool m_woken = false, m_paused = false;
    CancelOn m_cancel{client, {}};
    std::shared_ptr<StreamState> m_self;
};

/// The main thread's handle of a stream.
template <typename State> class StreamHandle : public AgentStream {
public:
    explicit StreamHandle(std::shared_ptr<State> state)
        : m_state(std::move(state))
    {
    }
    ~StreamHandle() override { m_state->abandon(); }

private:
    std::shared_ptr<State> m_state;
};

} // namespace pilothouse
