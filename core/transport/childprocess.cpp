// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/childprocess.h"

#include "core/transport/mainthread.h"

#include <QCoreApplication>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

extern char **environ;

namespace pilothouse {

static constexpr qsizetype largestOutput = 8 * 1024 * 1024;

/// Those that run. I/O thread.
static std::vector<std::shared_ptr<ChildProcess>> &living()
{
    static std::vector<std::shared_ptr<ChildProcess>> all;
    return all;
}

static void setNonBlocking(int fd)
{
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

ChildProcess::ChildProcess(Command command, Reply<Output> reply, Progress progress)
    : m_command(std::move(command))
    , m_reply(std::move(reply))
    , m_progress(std::move(progress))
{
}

ChildProcess::~ChildProcess()
{
    m_pidPoller.reset();
    if (m_pidFd >= 0)
        ::close(m_pidFd);
}

bool ChildProcess::spawn(int in, int out, int err)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in, 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    posix_spawn_file_actions_adddup2(&actions, err, 2);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    const QByteArray home = qgetenv("HOME");
    if (!home.isEmpty() && access(home.constData(), X_OK) == 0)
        posix_spawn_file_actions_addchdir_np(&actions, home.constData());

    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none, defaults;
    sigemptyset(&none);
    sigfillset(&defaults);
    posix_spawnattr_setsigmask(&attributes, &none); // the I/O thread blocks all signals
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

    std::vector<QByteArray> words{m_command.program.toUtf8()};
    for (const QString &argument : m_command.arguments)
        words.push_back(argument.toUtf8());
    std::vector<char *> argv;
    for (QByteArray &word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);

    pid_t pid = -1;
    const int failed
        = posix_spawnp(&pid, argv.front(), &actions, &attributes, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (failed == 0) {
        m_pid = pid;
        living().push_back(shared_from_this());
        return true;
    }
    // What a shell says of the same command.
    const bool missing = failed == ENOENT || failed == ENOTDIR;
    m_output.exitCode = missing ? 127 : 126;
    m_output.err = m_command.program.toUtf8() + ": " + std::strerror(failed) + '\n';
    return false;
}

void ChildProcess::watchEnd()
{
    m_pidFd = int(syscall(SYS_pidfd_open, m_pid, 0));
    m_pidPoller = Poller(m_pidFd, [this](int) {
        const auto self = shared_from_this();
        ended();
    });
    m_pidPoller.watch(Poller::Readable);
}

void ChildProcess::run()
{
    int in[2] = {-1, -1}, out[2] = {-1, -1}, err[2] = {-1, -1};
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) {
        for (const int fd : {in[0], in[1], out[0], out[1], err[0], err[1]})
            if (fd >= 0)
                ::close(fd);
        m_reply.finish(fail(Error{ErrorKind::Internal, QStringLiteral("command"),
            QCoreApplication::translate("transport", "No more files can be opened."),
            QString::fromLocal8Bit(std::strerror(errno)), {}}));
        return;
    }
    const Descriptor childIn(in[0]), childOut(out[1]), childErr(err[1]);
    m_in = Descriptor(in[1]);
    m_outputs[0] = Descriptor(out[0]);
    m_outputs[1] = Descriptor(err[0]);
    if (!spawn(in[0], out[1], err[1])) {
        m_reply.finish(m_output);
        return;
    }
    watchEnd();
    for (const std::size_t which : {0U, 1U}) {
        setNonBlocking(m_outputs[which].get());
        m_outPollers[which] = Poller(m_outputs[which].get(), [this, which](int) {
            const auto self = shared_from_this();
            readOutput(which);
        });
        m_outPollers[which].watch(Poller::Readable);
    }
    setNonBlocking(m_in.get());
    m_inPoller = Poller(m_in.get(), [this](int) {
        const auto self = shared_from_this();
        writeInput();
    });
    writeInput();
}

std::shared_ptr<Descriptor> ChildProcess::open()
{
    int pair[2] = {-1, -1}, err[2] = {-1, -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0
        || pipe2(err, O_CLOEXEC) != 0) {
        for (const int fd : {pair[0], pair[1]})
            if (fd >= 0)
                ::close(fd);
        m_reply.finish(fail(Error{ErrorKind::Internal, QStringLiteral("command"),
            QCoreApplication::translate("transport", "No more files can be opened."),
            QString::fromLocal8Bit(std::strerror(errno)), {}}));
        return nullptr;
    }
    m_end = std::make_shared<CommandEnd>();
    auto ours = std::make_shared<Descriptor>(pair[0], m_end);
    const Descriptor theirs(pair[1]), childErr(err[1]);
    m_outputs[1] = Descriptor(err[0]);
    if (!spawn(pair[1], pair[1], err[1])) {
        // As over SSH: the command starts, says why it cannot, and ends.
        m_end->addErr(m_output.err);
        m_end->setExitCode(m_output.exitCode);
        return ours;
    }
    watchEnd();
    setNonBlocking(m_outputs[1].get());
    m_outPollers[1] = Poller(m_outputs[1].get(), [this](int) {
        const auto self = shared_from_this();
        readOutput(1);
    });
    m_outPollers[1].watch(Poller::Readable);
    return ours;
}

void ChildProcess::writeInput()
{
    const QByteArray &input = m_command.input;
    while (m_written < input.size()) {
        const ssize_t sent = ::write(m_in.get(), input.constData() + m_written,
            std::size_t(std::min<qint64>(input.size() - m_written, 256 * 1024)));
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && errno == EAGAIN) {
            m_inPoller.watch(Poller::Writable);
            return;
        }
        if (sent <= 0)
            break; // it does not read any more, which is its right
        m_written += sent;
        if (m_progress)
            onMainThread([progress = m_progress, done = m_written, total = input.size()] {
                progress(done, total);
            });
    }
    m_inPoller.reset();
    m_in = Descriptor();
}

void ChildProcess::readOutput(std::size_t which)
{
    if (!m_outputs[which].valid())
        return;
    QByteArray piece(64 * 1024, Qt::Uninitialized);
    for (int round = 0; round < 16; ++round) { // others on the loop want their turn
        const ssize_t got = ::read(m_outputs[which].get(), piece.data(), std::size_t(piece.size()));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            return;
        if (got <= 0) {
            m_outPollers[which].reset();
            m_outputs[which] = Descriptor();
            return;
        }
        QByteArray text = piece.left(got);
        if (which == 1 && m_errFilter)
            text = m_errFilter(text);
        if (m_end) {
            m_end->addErr(text);
            continue;
        }
        QByteArray &kept = which == 0 ? m_output.out : m_output.err;
        const qsizetype room = largestOutput - kept.size();
        m_output.cut = m_output.cut || text.size() > room;
        kept.append(text.left(room));
    }
}

void ChildProcess::signalGroup(std::initializer_list<int> signals) const
{
    for (const int signal : signals)
        ::kill(-m_pid, signal);
}

void ChildProcess::kill()
{
    if (m_pid < 0)
        return;
    signalGroup({SIGHUP, SIGTERM, SIGCONT});
    m_killTimer.start(std::chrono::seconds(2), [this] {
        if (m_pid > 0)
            ::kill(-m_pid, SIGKILL);
    });
}

void ChildProcess::endAll()
{
    using namespace std::chrono_literals;
    const auto all = std::exchange(living(), {});
    for (const auto &child : all) {
        child->m_reply.finish(fail(cancelled(QStringLiteral("command"))));
        child->signalGroup({SIGHUP, SIGTERM, SIGCONT});
    }
    auto left = all;
    for (int i = 0; i < 200 && !left.empty(); ++i) {
        std::erase_if(left, [](const auto &child) {
            const auto status = child->reaped();
            if (status)
                child->settle(*status);
            return status.has_value();
        });
        if (left.empty())
            return;
        std::this_thread::sleep_for(5ms);
        for (const auto &child : left) {
            if (i == 100)
                child->signalGroup({SIGKILL});
        }
    }
}

void ChildProcess::ended()
{
    if (const auto status = reaped())
        settle(*status);
}

/// Its wait status, once.
std::optional<int> ChildProcess::reaped()
{
    int status = 0;
    if (m_pid < 0 || waitpid(m_pid, &status, WNOHANG) != m_pid)
        return std::nullopt;
    m_pid = -1;
    return status;
}

void ChildProcess::settle(int status)
{
    m_killTimer.reset();
    m_pidPoller.reset();
    m_inPoller.reset();
    m_in = Descriptor();
    // What it wrote before its end is in the pipes. Children it left behind may hold them
    // open: they are not waited for.
    for (const std::size_t which : {0U, 1U}) {
        if (m_outputs[which].valid())
            readOutput(which);
        m_outPollers[which].reset();
        m_outputs[which] = Descriptor();
    }
    m_output.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    m_output.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + m_output.signal;
    if (m_end)
        m_end->setExitCode(m_output.exitCode);
    m_reply.finish(std::move(m_output));
    std::erase_if(living(), [this](const auto &child) { return child.get() == this; });
}

} // namespace pilothouse
