// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/execservice.h"

#include "agents/agent/disk.h"
#include "agents/agent/processes.h"
#include "agents/agent/program.h"
#include "agents/agent/refusal.h"
#include "agents/agent/userpath.h"

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <mutex>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/wait.h>

namespace pilothouse::agent {

static constexpr int mostCommands = 64;
static constexpr std::size_t chunkSize = 64 * 1024;
static constexpr std::size_t mostInput = 2 * 1024 * 1024; // held for a command that reads slowly
static constexpr uint64_t tellTaken = 128 * 1024; // input_taken is told in steps of this

namespace {
class ExecCall;

/// Threads of commands: they must be gone before the queue is shut down.
class Threads {
public:
    bool add()
    {
        const std::lock_guard lock(m_mutex);
        return !m_closed && ++m_count > 0;
    }
    void remove()
    {
        const std::lock_guard lock(m_mutex);
        --m_count;
        m_changed.notify_all();
    }
    int count() const
    {
        const std::lock_guard lock(m_mutex);
        return m_count;
    }
    void closeAndWait()
    {
        std::unique_lock lock(m_mutex);
        m_closed = true;
        m_changed.wait(lock, [this] { return m_count == 0; });
    }

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    int m_count = 0;
    bool m_closed = false;
};

enum class Event { Requested, Read, Written, Finished, Done };

/// What the queue gives back: which call, and what happened to it.
struct Tag {
    ExecCall *call;
    Event event;
};

/// One command. Begins as "waiting for a request"; from then on two parties hold it: the queue
/// (events in flight) and its thread. The last one deletes it.
class ExecCall {
public:
    ExecCall(AgentService &service, grpc::ServerCompletionQueue &queue, Threads &threads)
        : m_service(service)
        , m_queue(queue)
        , m_threads(threads)
        , m_stream(&m_context)
    {
        m_context.AsyncNotifyWhenDone(&m_doneTag);
        m_service.RequestExec(&m_context, &m_stream, &m_queue, &m_queue, &m_requestTag);
    }

    void on(Event event, bool ok);

private:
    void runThread();
    void run(grpc::Status &status);
    grpc::Status startCommand();
    void takeMessage();
    void feedInput();
    bool tellInput();
    bool forward(Fd &from, bool isError);
    bool send(const v1::ExecEvent &event);
    void readNext();
    void release();
    void wake() { ::eventfd_write(m_wake.number(), 1); }

    AgentService &m_service;
    grpc::ServerCompletionQueue &m_queue;
    Threads &m_threads;
    grpc::ServerContext m_context;
    grpc::ServerAsyncReaderWriter<v1::ExecEvent, v1::ExecRequest> m_stream;
    Tag m_requestTag{this, Event::Requested}, m_readTag{this, Event::Read},
        m_writeTag{this, Event::Written}, m_finishTag{this, Event::Finished},
        m_doneTag{this, Event::Done};

    std::mutex m_mutex;
    std::condition_variable m_changed;
    int m_holders = 1; ///< events in flight and the thread; `Done` holds one from the start
    bool m_readBack = false, m_readOk = false, m_writeBack = false, m_writeOk = false;
    std::atomic<bool> m_cancelled = false;

    v1::ExecRequest m_request; ///< belongs to gRPC while a read is in flight
    Fd m_wake{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    Fd m_in, m_out, m_err, m_process;
    pid_t m_pid = 0;
    std::string m_input;
    uint64_t m_received = 0, m_told = 0; ///< bytes of input; of input_taken
    bool m_inputEnded = false; ///< the command's stdin is closed once all was fed
    bool m_readsEnded = false; ///< the client half-closed
};

void ExecCall::release()
{
    bool last = false;
    {
        const std::lock_guard lock(m_mutex);
        last = --m_holders == 0;
    }
    if (last)
        delete this;
}

void ExecCall::on(Event event, bool ok)
{
    if (event == Event::Requested) {
        if (!ok) { // the server is shut down; Done never comes for a call that never began
            delete this;
            return;
        }
        if (!m_threads.add())
            return; // ending; the server has cancelled the call
        new ExecCall(m_service, m_queue, m_threads);
        {
            const std::lock_guard lock(m_mutex);
            ++m_holders;
        }
        std::thread([this] { runThread(); }).detach();
        return;
    }
    {
        const std::lock_guard lock(m_mutex);
        if (event == Event::Read)
            m_readBack = true, m_readOk = ok;
        else if (event == Event::Written)
            m_writeBack = true, m_writeOk = ok;
        else if (event == Event::Done && m_context.IsCancelled())
            m_cancelled = true;
    }
    m_changed.notify_all();
    wake();
    release();
}

void ExecCall::readNext()
{
    {
        const std::lock_guard lock(m_mutex);
        ++m_holders;
        m_readBack = false;
    }
    m_request.Clear();
    m_stream.Read(&m_request, &m_readTag);
}

bool ExecCall::send(const v1::ExecEvent &event)
{
    std::unique_lock lock(m_mutex);
    ++m_holders;
    m_writeBack = false;
    m_stream.Write(event, &m_writeTag);
    m_changed.wait(lock, [this] { return m_writeBack; }); // back-pressure: the command's pipe fills
    return m_writeOk;
}

void ExecCall::runThread()
{
    grpc::Status status;
    if (m_threads.count() > mostCommands)
        status
            = refuse(grpc::StatusCode::RESOURCE_EXHAUSTED, "Too many commands run here at once.");
    else
        run(status);
    Threads &threads = m_threads;
    {
        const std::lock_guard lock(m_mutex);
        ++m_holders;
    }
    m_stream.Finish(status, &m_finishTag);
    release();
    threads.remove();
}

grpc::Status ExecCall::startCommand()
{
    const auto &start = m_request.start();
    if (start.argv().empty() || start.argv(0).empty())
        return refuse(grpc::StatusCode::INVALID_ARGUMENT, "There is no command to run.");
    Environment environment = loginEnvironment();
    for (const auto &[name, value] : start.environment())
        environment[name] = value;
    for (const auto &argument : start.argv()) {
        if (argument.find('\0') != std::string::npos)
            return refuse(
                grpc::StatusCode::INVALID_ARGUMENT, "An argument of the command holds a NUL byte.");
    }
    SpawnOptions options;
    options.folder = userPath(start.folder().empty() ? "~" : start.folder()).value_or("/");
    struct stat info { };
    if (::stat(options.folder.c_str(), &info) != 0)
        return refuseErrno(errno, options.folder);
    const auto program = findProgram(start.argv(0), environment["PATH"]);
    if (!program)
        return refuse(grpc::StatusCode::NOT_FOUND,
            "There is no program \"" + start.argv(0) + "\" on this host's PATH.");
    int in[2], out[2], err[2];
    if (::pipe2(in, O_CLOEXEC) != 0)
        return refuseErrno(errno, "pipe");
    const Fd childIn(in[0]);
    m_in = Fd(in[1]);
    if (::pipe2(out, O_CLOEXEC) != 0)
        return refuseErrno(errno, "pipe");
    m_out = Fd(out[0]);
    const Fd childOut(out[1]);
    if (::pipe2(err, O_CLOEXEC) != 0)
        return refuseErrno(errno, "pipe");
    m_err = Fd(err[0]);
    const Fd childErr(err[1]);
    options.input = childIn.number();
    options.output = childOut.number();
    options.error = childErr.number();
    for (const Fd *fd : {&m_in, &m_out, &m_err})
        ::fcntl(fd->number(), F_SETFL, O_NONBLOCK);
    const int error
        = spawn(*program, {start.argv().begin(), start.argv().end()}, environment, options, m_pid);
    if (error)
        return refuseErrno(error, start.argv(0));
    m_process = openProcess(m_pid, processStat(m_pid).value_or(ProcessStat{}).start);
    return grpc::Status::OK;
}

void ExecCall::run(grpc::Status &status)
{
    readNext();
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_readBack; });
        if (!m_readOk || !m_request.has_start()) {
            status = refuse(
                grpc::StatusCode::INVALID_ARGUMENT, "The first message must say what to run.");
            return;
        }
    }
    status = startCommand();
    if (!status.ok())
        return;
    takeMessage(); // the first one may carry input too
    int waitStatus = 0;
    bool exited = false, open = true;
    while (open && !m_cancelled && (!exited || m_out || m_err)) {
        feedInput();
        if (!tellInput())
            break;
        std::vector<pollfd> polled{{m_wake.number(), POLLIN, 0}};
        if (m_out)
            polled.push_back({m_out.number(), POLLIN, 0});
        if (m_err)
            polled.push_back({m_err.number(), POLLIN, 0});
        if (m_in && !m_input.empty())
            polled.push_back({m_in.number(), POLLOUT, 0});
        if (m_process && !exited)
            polled.push_back({m_process.number(), POLLIN, 0});
        // Once the command has ended, what its children hold open is waited for only shortly.
        const int ready = ::poll(polled.data(), polled.size(), exited ? 200 : m_process ? -1 : 100);
        eventfd_t ignored = 0;
        ::eventfd_read(m_wake.number(), &ignored);
        bool readBack = false;
        {
            const std::lock_guard lock(m_mutex);
            readBack = m_readBack;
        }
        if (readBack && m_input.size() < mostInput)
            takeMessage();
        if (m_out)
            open = forward(m_out, false);
        if (open && m_err)
            open = forward(m_err, true);
        if (exited && ready == 0)
            break;
        if (!exited && ::waitpid(m_pid, &waitStatus, WNOHANG) == m_pid)
            exited = true;
    }
    if (!exited) {
        ::kill(-m_pid, SIGKILL); // nobody listens any more
        while (::waitpid(m_pid, &waitStatus, 0) < 0 && errno == EINTR) { }
        status = refuse(grpc::StatusCode::CANCELLED, "The command was ended with its stream.");
        return;
    }
    v1::ExecEvent event;
    event.set_ended(true);
    if (WIFSIGNALED(waitStatus))
        event.set_signal(WTERMSIG(waitStatus)), event.set_exit_code(128 + WTERMSIG(waitStatus));
    else
        event.set_exit_code(WEXITSTATUS(waitStatus));
    if (open)
        send(event);
}

void ExecCall::takeMessage()
{
    bool ok = false;
    {
        const std::lock_guard lock(m_mutex);
        if (!m_readBack || m_readsEnded)
            return;
        ok = m_readOk;
        m_readBack = false;
    }
    if (!ok) { // the client half-closed
        m_readsEnded = m_inputEnded = true;
        return;
    }
    m_input += m_request.input();
    m_received += m_request.input().size();
    if (m_request.signal() > 0)
        ::kill(-m_pid, m_request.signal());
    m_inputEnded = m_inputEnded || m_request.input_end(); // signals may still come
    readNext();
}

void ExecCall::feedInput()
{
    while (m_in && !m_input.empty()) {
        const ssize_t n = ::write(m_in.number(), m_input.data(), m_input.size());
        if (n > 0) {
            m_input.erase(0, static_cast<std::size_t>(n));
        } else if (errno == EAGAIN) {
            return;
        } else if (errno != EINTR) { // the command reads no more
            m_in.reset();
            m_input.clear();
        }
    }
    if (!m_in)
        m_input.clear();
    else if (m_inputEnded)
        m_in.reset();
}

bool ExecCall::tellInput()
{
    const uint64_t taken = m_received - m_input.size();
    if (taken < m_told + tellTaken)
        return true;
    m_told = taken;
    v1::ExecEvent event;
    event.set_input_taken(taken);
    return send(event);
}

bool ExecCall::forward(Fd &from, bool isError)
{
    std::string data(chunkSize, '\0');
    const ssize_t n = ::read(from.number(), data.data(), data.size());
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return true;
    if (n <= 0) {
        from.reset();
        return true;
    }
    data.resize(static_cast<std::size_t>(n));
    v1::ExecEvent event;
    (isError ? event.mutable_err() : event.mutable_out())->swap(data);
    return send(event);
}

} // namespace

struct ExecService::State {
    Threads threads;
};

ExecService::ExecService(AgentService &service, std::unique_ptr<grpc::ServerCompletionQueue> queue)
    : m_service(service)
    , m_queue(std::move(queue))
    , m_state(std::make_unique<State>())
{
    new ExecCall(m_service, *m_queue, m_state->threads);
    m_thread = std::thread([this] {
        void *tag = nullptr;
        bool ok = false;
        while (m_queue->Next(&tag, &ok))
            static_cast<Tag *>(tag)->call->on(static_cast<Tag *>(tag)->event, ok);
    });
}

ExecService::~ExecService()
{
    m_state->threads.closeAndWait();
    m_queue->Shutdown();
    m_thread.join();
}

} // namespace pilothouse::agent
