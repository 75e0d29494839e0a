// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/helperlink.h"

#include "agents/collectors/clock.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>

namespace pilothouse::agent {

namespace {

constexpr std::size_t largestFrame = sizeof(ph_process) * PH_MAX_PROCESSES;
// More helpers than this are never left hanging in the driver.
constexpr std::size_t mostEnding = 3;

template <std::size_t size> void terminate(char (&text)[size])
{
    text[size - 1] = '\0';
}

} // namespace

int64_t HelperLink::nowMs()
{
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return int64_t(now.tv_sec) * 1000 + now.tv_nsec / 1000000;
}

HelperLink::HelperLink(HelperProgram program, Limits limits)
    : m_program(std::move(program))
    , m_limits(limits)
    , m_wakeFd(::eventfd(0, EFD_CLOEXEC))
    , m_pauseMs(limits.firstPauseMs)
{
    m_thread = std::thread([this] { run(); });
}

HelperLink::~HelperLink()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_changed.notify_all();
    const uint64_t one = 1;
    if (::write(m_wakeFd.get(), &one, sizeof one) < 0) { }
    m_thread.join();
}

bool HelperLink::isSilent(const Device &device, int64_t nowMs, const Limits &limits)
{
    const int64_t limit = device.known ? limits.silentMs : limits.startMs;
    return device.owesSinceMs != 0 && nowMs - device.owesSinceMs >= limit;
}

uint32_t HelperLink::ask(ph_type what)
{
    const std::lock_guard lock(m_mutex);
    if (!m_channel || !m_state.library || m_state.devices.empty())
        return 0;
    const uint32_t request = ++m_requests == 0 ? ++m_requests : m_requests;
    const ph_frame frame{0, uint16_t(what), PH_NO_DEVICE, request, 0};
    // Full only when the helper does not even read: then the devices come to owe answers.
    if (::send(m_channel.get(), &frame, sizeof frame, MSG_NOSIGNAL | MSG_DONTWAIT) < 0
        && errno != EAGAIN)
        return 0;
    const int64_t now = nowMs();
    for (auto &device : m_state.devices) {
        if (device.owesSinceMs == 0 && device.info.problem[0] == '\0') {
            device.owesSinceMs = now;
            device.owesSinceWallNs = wallNs();
        }
    }
    return request;
}

void HelperLink::waitForAnswers(ph_type what, uint32_t request, int timeoutMs)
{
    std::unique_lock lock(m_mutex);
    const auto generation = m_state.generation;
    m_changed.wait_for(lock, std::chrono::milliseconds(timeoutMs), [&] {
        const int64_t now = nowMs();
        return m_stop || m_state.generation != generation
            || std::all_of(
                m_state.devices.begin(), m_state.devices.end(), [&](const Device &device) {
                    const auto answered = what == PH_SAMPLE ? device.sampleRequest
                        : what == PH_FAST                   ? device.fastRequest
                                                            : device.processRequest;
                    // One that is late by a whole request is not waited for: it may never answer.
                    return answered >= request || device.info.problem[0] != '\0'
                        || (device.owesSinceMs != 0 && now - device.owesSinceMs > timeoutMs);
                });
    });
}

void HelperLink::visit(const std::function<void(const State &)> &look) const
{
    const std::lock_guard lock(m_mutex);
    look(m_state);
}

void HelperLink::run()
{
    for (;;) {
        int64_t pauseMs = m_pauseMs;
        if (start()) {
            serve();
            stopHelper();
            const std::lock_guard lock(m_mutex);
            if (m_state.library && m_state.library->problem[0] != '\0')
                pauseMs = m_limits.lookAgainMs;
            else if (nowMs() - m_startedMs > m_limits.longestPauseMs)
                pauseMs = m_limits.firstPauseMs; // it had worked for long: one loss is no pattern
        }
        m_pauseMs = std::min(pauseMs * 2, m_limits.longestPauseMs);
        std::unique_lock lock(m_mutex);
        m_changed.wait_for(lock, std::chrono::milliseconds(pauseMs), [this] { return m_stop; });
        if (m_stop)
            break;
    }
    for (int attempt = 0; attempt < 50 && !m_ended.empty(); ++attempt) {
        if (attempt == 25)
            killEnding();
        ::usleep(10000);
        reap();
    }
}

void HelperLink::killEnding()
{
    for (const auto pid : m_ended)
        ::kill(pid, SIGKILL);
}

bool HelperLink::start()
{
    reap();
    killEnding(); // those had the whole pause to end by themselves
    if (m_ended.size() >= mostEnding)
        return false; // the driver holds earlier ones; another would hang as well
    auto started = m_program.start();
    m_bytes.clear();
    m_startedMs = nowMs();
    m_pid = started.pid;
    const std::lock_guard lock(m_mutex);
    if (m_stop)
        return started.pid >= 0;
    m_state.problem = std::move(started.problem);
    if (started.pid < 0) {
        m_state.library.reset();
        m_state.devices.clear();
        return false;
    }
    ++m_state.generation;
    m_state.library.reset();
    m_channel = std::move(started.channel);
    const ph_frame frame{0, PH_LIST, PH_NO_DEVICE, 0, 0};
    ::send(m_channel.get(), &frame, sizeof frame, MSG_NOSIGNAL | MSG_DONTWAIT);
    return true;
}

void HelperLink::serve()
{
    for (;;) {
        pollfd wait[] = {{m_channel.get(), POLLIN, 0}, {m_wakeFd.get(), POLLIN, 0}};
        const int ready = ::poll(wait, 2, int(std::max<int64_t>(50, m_limits.silentMs / 3)));
        if (ready < 0 && errno != EINTR)
            return;
        if (wait[1].revents != 0)
            return;
        if (ready > 0 && wait[0].revents != 0 && !receive())
            return;
        if (isDead())
            return;
    }
}

bool HelperLink::isDead() const
{
    const std::lock_guard lock(m_mutex);
    if (!m_state.library)
        return nowMs() - m_startedMs > m_limits.startMs;
    if (m_state.library->problem[0] != '\0')
        return true;
    // While one device answers, a new helper could only make things worse for it.
    const int64_t now = nowMs();
    return !m_state.devices.empty()
        && std::all_of(m_state.devices.begin(), m_state.devices.end(),
            [&](const Device &device) { return isSilent(device, now, m_limits); });
}

bool HelperLink::receive()
{
    char piece[16384];
    const ssize_t got = ::recv(m_channel.get(), piece, sizeof piece, MSG_DONTWAIT);
    if (got < 0)
        return errno == EAGAIN || errno == EINTR;
    if (got == 0)
        return false;
    m_bytes.insert(m_bytes.end(), piece, piece + got);
    std::optional<std::size_t> taken;
    {
        const std::lock_guard lock(m_mutex);
        taken = takeFrames(m_state, m_bytes);
    }
    if (!taken)
        return false;
    m_bytes.erase(m_bytes.begin(), m_bytes.begin() + std::ptrdiff_t(*taken));
    if (*taken > 0)
        m_changed.notify_all();
    return true;
}

static void takeFrame(HelperLink::State &state, const ph_frame &frame, const char *body)
{
    if (frame.type == PH_LIBRARY && frame.size == sizeof(ph_library)) {
        ph_library library{};
        std::memcpy(&library, body, sizeof library);
        terminate(library.problem);
        terminate(library.driver);
        state.library = library;
        state.silentSinceWallNs = 0;
        state.devices.assign(
            std::min<uint32_t>(library.devices, PH_MAX_DEVICES), HelperLink::Device());
        return;
    }
    if (frame.device >= state.devices.size())
        return;
    auto &device = state.devices[frame.device];
    if (frame.type == PH_DEVICE && frame.size == sizeof(ph_device)) {
        std::memcpy(&device.info, body, sizeof device.info);
        terminate(device.info.problem);
        terminate(device.info.uuid);
        terminate(device.info.name);
        device.known = true;
    } else if (frame.type == PH_SAMPLE && frame.size == sizeof(ph_sample)) {
        std::memcpy(&device.sample, body, sizeof device.sample);
        device.sampleRequest = frame.request;
    } else if (frame.type == PH_FAST && frame.size == sizeof(ph_sample)) {
        std::memcpy(&device.fast, body, sizeof device.fast);
        device.fastRequest = frame.request;
    } else if (frame.type == PH_INSTANCES && frame.size % sizeof(ph_instance) == 0) {
        device.instances.resize(frame.size / sizeof(ph_instance));
        if (frame.size > 0)
            std::memcpy(device.instances.data(), body, frame.size);
        for (auto &one : device.instances)
            one.uuid[sizeof one.uuid - 1] = one.name[sizeof one.name - 1] = '\0';
    } else if (frame.type == PH_PROCESSES && frame.size % sizeof(ph_process) == 0) {
        device.processes.resize(frame.size / sizeof(ph_process));
        if (frame.size > 0)
            std::memcpy(device.processes.data(), body, frame.size);
        device.processRequest = frame.request;
    }
    // Any answer shows that it is alive; the next request starts the clock again.
    device.owesSinceMs = 0;
}

std::optional<std::size_t> HelperLink::takeFrames(State &state, std::span<const char> bytes)
{
    std::size_t at = 0;
    ph_frame frame{};
    while (bytes.size() - at >= sizeof frame) {
        std::memcpy(&frame, bytes.data() + at, sizeof frame);
        if (frame.size > largestFrame)
            return {};
        if (bytes.size() - at - sizeof frame < frame.size)
            break;
        takeFrame(state, frame, bytes.data() + at + sizeof frame);
        at += sizeof frame + frame.size;
    }
    return at;
}

void HelperLink::stopHelper()
{
    {
        const std::lock_guard lock(m_mutex);
        m_channel.reset(); // the helper ends by itself at this
        if (!m_state.library)
            m_state.silentSinceWallNs
                = m_state.silentSinceWallNs != 0 ? m_state.silentSinceWallNs : wallNs();
        const int64_t now = nowMs();
        for (auto &device : m_state.devices) {
            if (device.owesSinceMs == 0) {
                device.owesSinceMs = now;
                device.owesSinceWallNs = wallNs();
            }
        }
    }
    m_ended.push_back(m_pid);
    m_pid = -1;
    reap();
}

void HelperLink::reap()
{
    // ECHILD: somebody else waits for all children of this process.
    std::erase_if(m_ended, [](pid_t pid) {
        const pid_t done = ::waitpid(pid, nullptr, WNOHANG);
        return done == pid || (done < 0 && errno == ECHILD);
    });
}

} // namespace pilothouse::agent
