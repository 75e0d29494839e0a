// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/kernellog.h"

#include "agents/collectors/clock.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <utility>

namespace pilothouse::agent {

namespace {

constexpr int waitMs = 500; // how long a stop or the end of interest may take to be seen
constexpr int breathMs = 100; // between two readings: a flood costs that many bounded parts

int64_t monotonicUs()
{
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return int64_t(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000;
}

} // namespace

uint32_t KernelLimiter::admit(const KernelLine &line, int64_t us)
{
    std::string key(line.kind);
    key += ' ' + line.device + ' ' + std::to_string(line.xid);
    if (m_buckets.size() >= mostKeys && !m_buckets.contains(key))
        key = "others";
    const auto [place, isNew] = m_buckets.try_emplace(key);
    Bucket &bucket = place->second;
    if (!isNew && us > bucket.us)
        bucket.tokens
            = std::min<double>(burst, bucket.tokens + double(us - bucket.us) / double(refillUs));
    bucket.us = std::max(bucket.us, us);
    if (bucket.tokens < 1) {
        ++bucket.leftOut;
        return 0;
    }
    bucket.tokens -= 1;
    return std::exchange(bucket.leftOut, 0) + 1;
}

KernelLog::KernelLog(KernelSources sources, int idleMs, int retryMs)
    : m_sources(std::move(sources))
    , m_idleMs(idleMs)
    , m_retryMs(retryMs)
{
}

KernelLog::~KernelLog()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_changed.notify_all();
    if (m_thread.joinable())
        m_thread.join();
}

std::vector<KernelEvent> KernelLog::after(uint64_t number)
{
    const std::lock_guard lock(m_mutex);
    const bool woken = !isWanted();
    m_askedMs = monotonicUs() / 1000;
    if (!m_thread.joinable())
        m_thread = std::thread([this] { run(); });
    else if (woken)
        m_changed.notify_all();
    std::vector<KernelEvent> events;
    std::copy_if(m_events.begin(), m_events.end(), std::back_inserter(events),
        [number](const KernelEvent &one) { return one.number > number; });
    return events;
}

std::string KernelLog::trouble() const
{
    const std::lock_guard lock(m_mutex);
    return m_trouble;
}

bool KernelLog::isWanted() const
{
    return m_askedMs != 0 && monotonicUs() / 1000 - m_askedMs < m_idleMs;
}

void KernelLog::run()
{
    std::unique_lock lock(m_mutex);
    while (!m_stop) {
        if (!isWanted()) {
            m_changed.wait(lock, [this] { return m_stop || isWanted(); });
            continue;
        }
        lock.unlock();
        std::string why;
        const auto source = openKernelSource(m_sources, why);
        if (source)
            serve(*source);
        lock.lock();
        if (m_stop || !isWanted())
            continue;
        m_trouble = why; // there is none, or it has ended
        m_changed.wait_for(lock, std::chrono::milliseconds(m_retryMs), [this] { return m_stop; });
    }
}

void KernelLog::serve(KernelSource &source)
{
    const int64_t known = m_newestUs;
    std::vector<KernelRecord> records;
    while (true) {
        records.clear();
        const bool goesOn = source.read(records, waitMs);
        for (const auto &record : records) {
            if (record.us > known)
                take(record);
            m_newestUs = std::max(m_newestUs, record.us);
        }
        std::unique_lock lock(m_mutex);
        if (goesOn && !records.empty()) // one that is open but has none helps nobody
            m_trouble.clear();
        if (!goesOn || m_stop || !isWanted())
            return;
        if (!records.empty())
            m_changed.wait_for(
                lock, std::chrono::milliseconds(breathMs), [this] { return m_stop; });
    }
}

void KernelLog::take(const KernelRecord &record)
{
    auto line = kernelLineOf(record.text);
    const uint32_t times = line ? m_limiter.admit(*line, record.us) : 0;
    if (times == 0)
        return;
    KernelEvent event;
    event.wallNs = wallNs() - (monotonicUs() - record.us) * 1000;
    event.kernelUs = record.us;
    event.kind = line->kind;
    event.device = std::move(line->device);
    event.line = std::move(line->line);
    event.xid = line->xid;
    event.times = times;
    const std::lock_guard lock(m_mutex);
    event.number = ++m_number;
    m_events.push_back(std::move(event));
    if (m_events.size() > mostKept)
        m_events.pop_front();
}

} // namespace pilothouse::agent
