// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/storethread.h"

#include <QDateTime>
#include <QThreadPool>

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <numeric>
#include <set>

namespace pilothouse {

using namespace std::chrono_literals;

/// Leaves out the rows that nobody needs to keep.
static void keepRows(RowBatch &batch, const std::vector<std::uint8_t> &wanted)
{
    const auto cells = batch.cells();
    std::size_t kept = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (!wanted[i])
            continue;
        batch.times[kept] = batch.times[i];
        std::copy_n(batch.values.begin() + std::ptrdiff_t(i * cells), cells,
            batch.values.begin() + std::ptrdiff_t(kept * cells));
        ++kept;
    }
    batch.times.resize(kept);
    batch.values.resize(kept * cells);
}

static StoreOptions complete(StoreOptions options)
{
    if (!options.now)
        options.now = [] { return QDateTime::currentMSecsSinceEpoch(); };
    return options;
}

StoreThread::StoreThread(
    const QString &folder, StoreOptions options, std::function<void()> onAppended)
    : m_options(complete(std::move(options)))
    , m_folder(folder, m_options, m_registry, *m_damage)
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

void StoreThread::post(Message message)
{
    m_pending.fetch_add(1);
    {
        const std::lock_guard lock(m_mutex);
        m_queue.push_back(std::move(message));
        if (m_queue.size() > 1)
            return; // it is awake already
    }
    m_wake.notify_one();
}

std::optional<std::vector<Curve>> StoreThread::answerFromMemory(
    const std::vector<SeriesId> &ids, const ColumnGrid &grid) const
{
    constexpr std::size_t most = 16384; // columns: about 0.1 ms
    if (!m_writable || ids.size() * std::size_t(grid.count()) > most || m_pending.load() > 0)
        return {};
    const auto isHot = [&] {
        return std::all_of(ids.begin(), ids.end(), [&](SeriesId id) {
            const auto *series = m_registry.slot(id);
            return !series || series->target->coldUntil.load() < grid.from() - longestRateGap;
        });
    };
    std::optional<std::vector<Curve>> curves;
    if (!isHot())
        return curves;
    curves.emplace().resize(ids.size());
    hotCurves(m_registry, ids, grid, m_gate,
        [&curves](std::size_t index, Curve &curve) { (*curves)[index] = std::move(curve); });
    if (!isHot()) // some of it went meanwhile
        curves.reset();
    return curves;
}

void StoreThread::run()
{
    m_running = true;
    if (m_writable)
        m_folder.startJournal(
            [this] { storeAll(); }); // what an earlier process left in its journal
    m_nextFlush = m_nextSync = Clock::now();
    m_nextRetain = m_nextSync;
    for (bool stopping = false; !stopping;) {
        std::vector<Message> messages;
        {
            std::unique_lock lock(m_mutex);
            const auto due = [this] { return m_stopping || !m_queue.empty(); };
            if (m_folder.hasUnwritten() || m_unsynced || m_gate.retired() > 0)
                m_wake.wait_until(lock, m_nextFlush, due);
            else
                m_wake.wait(lock, due);
            messages.swap(m_queue);
            stopping = m_stopping;
        }
        for (auto &message : messages) {
            std::visit([this](auto &one) { handle(one); }, message);
            keepJournalSmall();
            m_pending.fetch_sub(1);
        }
        if (std::exchange(m_changed, false))
            m_onAppended();
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
    m_gate.collect();
}

void StoreThread::handle(Append &append)
{
    RowBatch batch;
    batch.ids = std::move(append.ids);
    std::erase_if(
        append.ticks, [&](const auto &tick) { return tick.values.size() != batch.ids.size(); });
    std::stable_sort(append.ticks.begin(), append.ticks.end(),
        [](const auto &a, const auto &b) { return a.time < b.time; });
    batch.times.reserve(append.ticks.size());
    batch.values.reserve(append.ticks.size() * batch.ids.size());
    for (const auto &tick : append.ticks) {
        batch.times.push_back(tick.time);
        batch.values.insert(batch.values.end(), tick.values.begin(), tick.values.end());
    }
    handle(batch);
}

void StoreThread::handle(RowBatch &batch)
{
    if (!m_writable)
        return;
    for (auto &id : batch.ids)
        if (!m_registry.slot(id))
            id = 0;
    for (auto &one : byTarget(normalised(std::move(batch))))
        take(std::move(one), true);
    m_changed = true;
}

std::vector<RowBatch> StoreThread::byTarget(RowBatch batch) const
{
    std::vector<const StoredTarget *> targets;
    for (const auto id : batch.ids)
        if (const auto *target = m_registry.slot(id)->target;
            targets.empty() || targets.back() != target)
            targets.push_back(target);
    std::sort(targets.begin(), targets.end());
    targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
    std::vector<RowBatch> parts;
    if (targets.size() == 1)
        parts.push_back(std::move(batch));
    else
        for (const auto *target : targets) {
            RowBatch part = batch;
            for (auto &id : part.ids)
                if (m_registry.slot(id)->target != target)
                    id = 0;
            parts.push_back(normalised(std::move(part)));
        }
    return parts;
}

int StoreThread::capacity(std::size_t cells) const
{
    // All open blocks together stay below a quarter of the cap.
    const auto all = std::max<std::size_t>(m_registry.seriesCount(), cells);
    const auto fair = m_options.hotBytes / 4 / (all * sizeof(double));
    const auto small = (std::size_t(8) << 20) / ((cells + 1) * sizeof(double));
    return int(
        std::clamp<std::size_t>(std::min(fair, small), 16, std::size_t(m_options.blockRows)));
}

void StoreThread::take(RowBatch batch, bool journal)
{
    constexpr qint64 future = 7 * 86'400'000ll;
    const qint64 latestAllowed = m_options.now() + future;
    for (auto &value : batch.values)
        value = std::abs(value) <= std::numeric_limits<double>::max()
            ? value
            : std::numeric_limits<double>::quiet_NaN();
    auto &target = *m_registry.slot(batch.ids.front())->target;
    auto &lane = batch.seconds == 0 ? target.fine : target.coarse(batch.seconds);
    const int rows = capacity(batch.cells());
    std::vector<std::uint8_t> isNew(batch.times.size());
    bool any = false, all = true;
    const auto mayStay = [&](qint64 time) { return time > 0 && time <= latestAllowed; };
    const bool plain = std::all_of(batch.times.begin(), batch.times.end(), mayStay);
    for (std::size_t i = 0; i < batch.times.size();) {
        std::size_t count = plain
            ? lane.insertFollowing(
                batch.ids, std::span<const qint64>(batch.times).subspan(i), batch.row(i).data())
            : 0;
        const bool taken = count > 0
            || (mayStay(batch.times[i])
                && lane.insert(batch.ids, batch.times[i], batch.row(i), rows));
        count = std::max<std::size_t>(count, 1);
        std::fill_n(isNew.begin() + std::ptrdiff_t(i), count, taken);
        i += count;
        any |= taken;
        all &= taken;
        m_grown += taken ? count * (batch.cells() + 1) * sizeof(double) : 0;
        if (m_grown > m_options.hotBytes / 16 && m_running) {
            storeSealed();
            evict();
        }
    }
    if (!any)
        return;
    if (!all)
        keepRows(batch, isNew);
    if (journal)
        m_folder.journal(batch);
    updateLatest(batch);
    if (journal && lane.hasSealed())
        storeSealed(lane);
}

void StoreThread::updateLatest(const RowBatch &batch)
{
    // A newest time in the future is a clock that jumped: what comes now counts.
    const qint64 future = m_options.now() + 60'000;
    const auto newer = [future](qint64 time, qint64 known) {
        return time > known || (known > future && time <= future);
    };
    const auto width = std::size_t(batch.width());
    for (std::size_t i = 0; i < batch.ids.size(); ++i) {
        auto &latest = m_registry.slot(batch.ids[i])->latest;
        for (std::size_t row = batch.times.size(); row-- > 0;) {
            const double value = batch.row(row)[i * width + width - 1];
            if (std::isnan(value))
                continue;
            const auto known = latest.value();
            if (!known || newer(batch.times[row], known->time))
                latest.set(batch.times[row], value);
            break;
        }
    }
    auto &newest = m_registry.slot(batch.ids.front())->target->newest;
    for (const auto time : batch.times)
        if (newer(time, newest.load()))
            newest.store(time);
}

void StoreThread::storeSealed()
{
    for (auto *target : m_registry.targets())
        target->eachLane([this](Lane &lane) { storeSealed(lane); });
}

void StoreThread::storeSealed(Lane &lane)
{
    for (const auto &block : lane.takeSealed())
        if (m_writable)
            m_folder.store(*block);
}

void StoreThread::storeAll()
{
    for (auto *target : m_registry.targets())
        target->eachLane([](Lane &lane) { lane.sealPending(); });
    storeSealed();
}

bool StoreThread::adopt(StoredTarget &target, const BlockRef &ref)
{
    const auto head = decodeBlockHead(ref.file->readHead(ref.offset, ref.header), ref.header);
    RowBatch batch;
    const auto damaged = [&] {
        m_damage->add(ref.file->damaged(QString::number(ref.offset)));
        return false;
    };
    if (!head)
        return damaged();
    BlockBody body(*head, ref.header, [&ref](std::uint64_t offset, std::size_t size) {
        return ref.file->readPiece(ref.offset, ref.header, offset, size);
    });
    if (!body.openTimes())
        return damaged();
    batch.seconds = head->seconds;
    for (const auto &entry : head->entries)
        batch.ids.push_back(ref.file->global(entry.number));
    const std::size_t cells = batch.cells(), rows = body.times().size();
    const auto width = std::size_t(batch.width());
    batch.times.assign(body.times().begin(), body.times().end());
    batch.values.assign(rows * cells, std::numeric_limits<double>::quiet_NaN());
    std::array<std::vector<double>, 3> columns;
    for (std::size_t i = 0; i < batch.ids.size(); ++i) {
        if (!body.columns(i, {columns.data(), width})) {
            damaged();
            continue;
        }
        for (std::size_t part = 0; part < width; ++part)
            for (std::size_t row = 0; row < rows; ++row)
                batch.values[row * cells + i * width + part] = columns[part][row];
    }
    batch = normalised(std::move(batch));
    if (batch.ids.empty())
        return false;
    auto block = std::make_shared<HotBlock>(batch.ids, batch.seconds, int(rows),
        [this](SeriesId id) { return m_registry.isCounter(id); });
    std::vector<int> places(batch.cells());
    std::iota(places.begin(), places.end(), 0);
    for (std::size_t row = 0; row < rows; ++row)
        block->appendRow(batch.times[row], places, batch.row(row));
    block->seal();
    block->onDisk = true;
    block->file = ref.file.get();
    block->offset = ref.offset;
    m_hotBytes += block->bytes();
    if (m_hotBytes > m_options.hotBytes / 2)
        return false;
    auto &lane = batch.seconds == 0 ? target.fine : target.coarse(batch.seconds);
    lane.adopt(std::move(block));
    updateLatest(batch);
    return true;
}

void StoreThread::loadHot()
{
    m_hotBytes = 0;
    bool full = false;
    for (auto *target : m_registry.targets()) {
        const qint64 oldest = target->newest.load() - m_options.hotWindow;
        auto refs = m_folder.blocks(
            target, std::numeric_limits<qint64>::min(), std::numeric_limits<qint64>::max());
        std::sort(refs.begin(), refs.end(),
            [](const auto &a, const auto &b) { return a.header.maxTime > b.header.maxTime; });
        // Blocks that were just made of journal rows are there already.
        std::set<std::pair<qint64, qint64>> there;
        target->eachLane([&](Lane &lane) {
            for (const auto &block : lane.blocks())
                there.emplace(block->first(), block->last());
        });
        for (const auto &ref : refs) {
            if (there.contains({ref.header.minTime, ref.header.maxTime}))
                continue;
            full = full || m_hotBytes > m_options.hotBytes / 2;
            if (full || ref.header.maxTime < oldest || !adopt(*target, ref))
                target->cold(ref.header.maxTime);
        }
    }
}

void StoreThread::evict()
{
    struct Old {
        qint64 last;
        StoredTarget *target;
        Lane *lane;
        const HotBlock *block;
    };
    std::vector<Old> old;
    std::map<Lane *, std::vector<const HotBlock *>> gone;
    std::size_t bytes = 0;
    for (auto *target : m_registry.targets()) {
        const qint64 oldest
            = std::min(target->newest.load(), m_options.now()) - m_options.hotWindow;
        target->eachLane([&](Lane &lane) {
            for (const auto &block : lane.blocks()) {
                const bool safe = block->sealed() && (block->onDisk || block->lost || !m_writable);
                if (safe && block->last() < oldest && block->seconds() == 0) {
                    target->cold(block->last());
                    gone[&lane].push_back(block.get());
                    continue;
                }
                bytes += block->bytes();
                if (safe)
                    old.push_back({block->last(), target, &lane, block.get()});
            }
        });
    }
    if (bytes > m_options.hotBytes - m_options.hotBytes / 8) {
        std::sort(
            old.begin(), old.end(), [](const auto &a, const auto &b) { return a.last < b.last; });
        for (const auto &one : old) {
            if (bytes <= m_options.hotBytes / 4 * 3)
                break;
            bytes -= one.block->bytes();
            one.target->cold(one.block->last());
            gone[one.lane].push_back(one.block);
        }
    }
    for (const auto &[lane, blocks] : gone)
        lane->drop(blocks); // said to be cold before
    m_hotBytes = bytes;
    m_grown = 0;
    m_gate.collect();
    if (bytes > m_options.hotBytes)
        storeAll(); // the open blocks alone are too much: they go next time
}

void StoreThread::handle(Query &query)
{
    if (!m_writable)
        m_folder.follow([this](RowBatch batch) { take(std::move(batch), false); });
    auto plan = planQuery(
        m_registry, m_folder, std::move(query.ids), query.from, query.to, query.columns);
    if (!plan.readsDisk)
        return query.reply.finish(runQuery(plan, query.context, *m_damage));
    QThreadPool::globalInstance()->start(
        [plan = std::move(plan), context = query.context, reply = query.reply, damage = m_damage] {
            reply.finish(runQuery(plan, context, *damage));
        });
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
