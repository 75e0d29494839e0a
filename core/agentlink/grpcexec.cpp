// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/agentlink/grpccalls.h"
#include "core/agentlink/grpcclient.h"

namespace pilothouse {

namespace {

/// One exec: a bidirectional stream. Reads are one at a time and delivered on the main thread
/// before the next is asked for; writes queue on the main thread, one in flight. Input goes only as
/// far ahead of the command as the agent can hold, so that the stream is never full for a signal.
class ExecState : public std::enable_shared_from_this<ExecState> {
public:
    ExecState(std::shared_ptr<proto::Agent::Stub> stub, ExecHandlers handlers)
        : m_stub(std::move(stub))
        , m_handlers(std::move(handlers))
    {
    }

    void start(proto::ExecRequest first)
    {
        m_urgent.push_back(std::move(first));
        m_stream = m_stub->AsyncExec(&m_client, grpcQueue(), m_started.armed());
    }
    void write(proto::ExecRequest request)
    {
        m_pending += qsizetype(request.input().size());
        (request.signal() != 0 ? m_urgent : m_writes).push_back(std::move(request));
        nextWrite();
    }
    qsizetype pending() const { return m_pending; }
    void abandon()
    {
        m_handlers = {};
        m_client.TryCancel();
    }

private:
    /// Runs its member on the main thread. Armed, it keeps the state alive until then: also when
    /// the event loop has ended and nothing is delivered any more.
    struct MainTag : CompletionTag {
        ExecState *state;
        void (ExecState::*member)(bool);
        std::shared_ptr<ExecState> self;
        MainTag(ExecState *state, void (ExecState::*member)(bool))
            : state(state)
            , member(member)
        {
        }
        MainTag *armed()
        {
            self = state->shared_from_this();
            return this;
        }
        void done(bool ok) override
        {
            onMainThread([self = std::move(self), member = member, ok] {
                if (!self->m_exit.stop_requested()) // else nothing more may be started
                    ((*self).*member)(ok);
            });
        }
    };

    void onStarted(bool ok)
    {
        m_open = ok;
        if (!ok) {
            finish();
            return;
        }
        nextWrite();
        m_stream->Read(&m_event, m_read.armed());
    }

    void nextWrite()
    {
        if (!m_open || m_writing)
            return;
        if (m_urgent.empty()) {
            if (m_writes.empty() || m_sent + m_writes.front().input().size() > m_taken + ahead)
                return;
            m_sent += m_writes.front().input().size();
        }
        auto &queue = m_urgent.empty() ? m_writes : m_urgent;
        m_current = std::move(queue.front());
        queue.pop_front();
        m_writing = true;
        m_stream->Write(m_current, m_written.armed());
    }

    void onWritten(bool ok)
    {
        m_writing = false;
        const auto gone = qsizetype(m_current.input().size());
        m_pending -= gone;
        if (ok)
            nextWrite();
        else
            m_open = false;
        if (const auto sent = m_handlers.sent; sent && gone > 0)
            sent();
        if (m_readingEnded)
            finish();
    }

    void onRead(bool ok)
    {
        if (!ok) {
            m_open = false;
            m_readingEnded = true;
            if (!m_writing)
                finish();
            return;
        }
        const auto handlers = m_handlers; // a handler may abandon us
        if (!m_event.out().empty() && handlers.out)
            handlers.out(QByteArray::fromStdString(m_event.out()));
        if (!m_event.err().empty() && handlers.err)
            handlers.err(QByteArray::fromStdString(m_event.err()));
        m_taken = std::max<quint64>(m_taken, m_event.input_taken());
        nextWrite();
        if (m_event.ended())
            m_end = std::pair<int, int>(m_event.exit_code(), m_event.signal());
        m_stream->Read(&m_event, m_read.armed());
    }

    void finish()
    {
        if (!std::exchange(m_finishing, true))
            m_stream->Finish(&m_status, m_finished.armed());
    }

    void onFinished(bool)
    {
        const auto ended = std::exchange(m_handlers, {}).ended;
        if (!ended)
            return;
        if (m_end)
            ended(*m_end);
        else
            ended(fail(m_status.ok() ? Error{ErrorKind::BadReply, QStringLiteral("exec"),
                           QCoreApplication::translate(
                               "agentlink", "The node did not say how the command ended."),
                           {}, {}}
                                     : toError(m_status, QStringLiteral("exec"))));
    }

    std::shared_ptr<proto::Agent::Stub> m_stub;
    ExecHandlers m_handlers;
    grpc::ClientContext m_client;
    std::unique_ptr<grpc::ClientAsyncReaderWriter<proto::ExecRequest, proto::ExecEvent>> m_stream;
    proto::ExecEvent m_event;
    grpc::Status m_status;
    std::optional<std::pair<int, int>> m_end;
    static constexpr quint64 ahead = 1024 * 1024;
    std::deque<proto::ExecRequest> m_writes, m_urgent; ///< input; what may overtake it
    proto::ExecRequest m_current; ///< in flight
    qsizetype m_pending = 0; ///< bytes of input that wait or are in flight
    quint64 m_sent = 0, m_taken = 0; ///< bytes of input, as counted by us and by the agent
    MainTag m_started{this, &ExecState::onStarted};
    MainTag m_read{this, &ExecState::onRead};
    MainTag m_written{this, &ExecState::onWritten};
    MainTag m_finished{this, &ExecState::onFinished};
    bool m_open = false, m_writing = false, m_readingEnded = false, m_finishing = false;
    std::stop_token m_exit = agentThreadsStopping();
    CancelOn m_cancel{m_client, {}};
};

class ExecHandle : public ExecStream {
public:
    explicit ExecHandle(std::shared_ptr<ExecState> state)
        : m_state(std::move(state))
    {
    }
    ~ExecHandle() override { m_state->abandon(); }

    void write(QByteArray input) override
    {
        for (qsizetype at = 0; at < input.size(); at += 64 * 1024) {
            proto::ExecRequest request;
            request.set_input(input.mid(at, 64 * 1024).toStdString());
            m_state->write(std::move(request));
        }
    }
    qsizetype pending() const override { return m_state->pending(); }
    void closeInput() override
    {
        proto::ExecRequest request;
        request.set_input_end(true);
        m_state->write(std::move(request));
    }
    void signal(int number) override
    {
        proto::ExecRequest request;
        request.set_signal(number);
        m_state->write(std::move(request));
    }

private:
    std::shared_ptr<ExecState> m_state;
};

} // namespace

std::unique_ptr<ExecStream> startExec(std::shared_ptr<proto::Agent::Stub> stub,
    const QStringList &argv, const QString &folder, const QMap<QString, QString> &environment,
    ExecHandlers handlers)
{
    proto::ExecRequest first;
    for (const auto &word : argv)
        first.mutable_start()->add_argv(word.toStdString());
    first.mutable_start()->set_folder(folder.toStdString());
    for (auto it = environment.begin(); it != environment.end(); ++it)
        (*first.mutable_start()->mutable_environment())[it.key().toStdString()]
            = it.value().toStdString();
    auto state = std::make_shared<ExecState>(std::move(stub), std::move(handlers));
    state->start(std::move(first));
    return std::make_unique<ExecHandle>(std::move(state));
}

} // namespace pilothouse
