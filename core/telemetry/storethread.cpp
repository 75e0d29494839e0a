// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/storethread.h"

#include <QDateTime>
#include <QThreadPool>

#include <algorithm>

namespace pilothouse {

using namespace std::chrono_literals;

static StoreOptions complete(StoreOptions options)
{
    if (!options.now)
        options.now = [] { return QDateTime::currentMSecsSinceEpoch(); };
    return options;
}

StoreThread::StoreThread(
    const QString &folder, StoreOptions options, std::function<void()> onAppended)
    : m_options(complete(std::move(options)))
    , m_cold(std::make_shared<ColdCache>(m_options.coldBytes))
    , m_folder(folder, m_options, m_registry, *m_cold, *m_damage)
    , m_onAppended(std::move(onAppended))
{
}

StoreThread::~StoreThread()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stopping = true;
    }
    m_wake.notify_one();
    if (m_thread.joinable())
        m_thread.join();
}

Result<> StoreThread::open()
{
    const auto opened = m_folder.open(
        [this](RowBatch batch) { take(std::move(batch), false); }, [this] { loadHot(); });
    if (!opened)
        return opened;
    m_writable = m_folder.writable();
    m_thread = std::thread([this] { run(); });
    return {};
}

static bool bringsRows(const StoreThread::Message &message)
{
    return std::holds_alternative<StoreThread::Append>(message)
        || std::holds_alternative<RowBatch>(message);
}

void StoreThread::post(Message message)
{
    if (bringsRows(message))
        m_pending.fetch_add(1);
    {
        const std::lock_guard lock(m_mutex);
        m_queue.push_back(std::move(message));
        if (m_queue.size() > 1)
            return; // it is awake already
    }
    m_wake.notify_one();
}

std::optional<std::vector<Curve>> StoreThread::answerAtOnce(
    const std::vector<SeriesId> &ids, const ColumnGrid &grid) const
{
    constexpr std::size_t most = 65536; // columns: about 0.5 ms
    if (!m_writable || ids.size() * std::size_t(grid.count()) > most || m_pending.load() > 0)
        return {};
    return runAtOnce(planQuery(m_registry, m_gate, ids, grid), *m_cold, *m_damage);
}

void StoreThread::run()
{
    m_running = true;
    if (m_writable)
        m_folder.startJournal(
            [this] { storeAll(); }); // what an earlier process left in its journal
    m_nextFlush = m_nextSync = Clock::now();
    m_nextRetain = m_nextSync;
    choosePacking();
    for (bool stopping = false; !stopping;) {
        std::vector<Message> messages;
        {
            std::unique_lock lock(m_mutex);
            const auto due = [this] { return m_stopping || !m_queue.empty(); };
            if (!m_folder.isPacking()) { // else it goes on with that
                if (m_folder.hasUnwritten() || m_unsynced || m_gate.retired() > 0)
                    m_wake.wait_until(lock, m_nextFlush, due);
                else
                    m_wake.wait(lock, due);
            }
            messages.swap(m_queue);
            stopping = m_stopping;
        }
        for (auto &message : messages) {
            std::visit([this](auto &one) { handle(one); }, message);
            keepJournalSmall();
            m_folder.publish();
            if (bringsRows(message))
                m_pending.fetch_sub(1);
        }
        if (std::exchange(m_changed, false))
            m_onAppended();
        if (m_folder.isPacking() && !stopping) {
            m_folder.packStep();
            choosePacking(); // once it is done: the next ones
        }
        housekeep(Clock::now());
    }
    m_folder.flush(true);
}

void StoreThread::keepJournalSmall()
{
    constexpr std::size_t most = std::size_t(4) << 20;
    if (m_folder.unwrittenBytes() <= std::min(most, std::size_t(m_options.journalBytes) / 2))
        return;
    m_folder.flush(false);
    if (m_folder.wantsNewJournal())
        m_folder.startJournal([this] { storeAll(); });
}

void StoreThread::housekeep(Clock::time_point now)
{
    if (now < m_nextFlush)
        return;
    m_nextFlush = now + 1s;
    const bool sync = now >= m_nextSync;
    if (sync)
        m_nextSync = now + 10s;
    m_unsynced = !sync && (m_unsynced || m_folder.hasUnwritten());
    m_folder.flush(sync);
    if (m_folder.wantsNewJournal())
        m_folder.startJournal([this] { storeAll(); });
    if (now >= m_nextRetain) {
        m_nextRetain = now + 60s;
        m_folder.retain();
    }
    if (!m_writable)
        storeSealed(); // nothing but letting go of them
    evict();
    choosePacking();
    m_gate.collect();
}

void StoreThread::handle(Query &query)
{
    if (!m_writable)
        m_folder.follow([this](RowBatch batch) { take(std::move(batch), false); });
    auto plan = planQuery(m_registry, m_gate, std::move(query.ids), query.grid);
    if (!plan.readsDisk)
        return query.reply.finish(runQuery(plan, query.context, *m_cold, *m_damage));
    QThreadPool::globalInstance()->start(
        [plan = std::move(plan), context = query.context, reply = query.reply, damage = m_damage,
            cache = m_cold] { reply.finish(runQuery(plan, context, *cache, *damage)); });
}

void StoreThread::handle(Flush &flush)
{
    if (m_writable)
        m_folder.flush(true);
    else
        m_folder.follow([this](RowBatch batch) { take(std::move(batch), false); });
    flush.reply.finish({});
}

} // namespace pilothouse
