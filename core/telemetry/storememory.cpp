// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/storethread.h"

#include "core/telemetry/wholeblock.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace pilothouse {

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
    const auto batch = readBlock(ref, *m_damage).batch;
    if (batch.ids.empty())
        return true;
    auto block = sealedBlock(batch, [this](SeriesId id) { return m_registry.isCounter(id); });
    updateLatest(batch);
    m_hotBytes += block->bytes();
    if (m_hotBytes > m_options.hotBytes / 2)
        return false;
    block->place.store(ref.place);
    auto &lane = batch.seconds == 0 ? target.fine : target.coarse(batch.seconds);
    lane.adopt(std::move(block));
    return true;
}

void StoreThread::latestFrom(const BlockRef &ref)
{
    ColdBlock block(ref, std::make_shared<std::atomic<std::size_t>>(0));
    if (block.openHead(Wait::Yes) != Got::There || block.openTimes(Wait::Yes) != Got::There)
        return;
    for (int entry = 0; entry < int(block.head().entries.size()); ++entry) {
        const auto id = block.seriesOf(std::size_t(entry));
        if (id == 0 || block.openLevels(entry, Wait::Yes) != Got::There)
            continue;
        for (int page = pagesOf(ref.header); page-- > 0;) {
            block.openPages(entry, page, page, Wait::Yes);
            const auto *cells = block.cells(entry, page);
            int row = cells ? block.rowsOf(page) : 0;
            while (row > 0 && std::isnan(cells[row - 1]))
                --row;
            if (row == 0)
                continue;
            const auto time = block.times()[std::size_t(page * pageRows + row - 1)];
            updateLatest({{id}, 0, {time}, {cells[row - 1]}});
            break;
        }
    }
}

void StoreThread::loadHot()
{
    m_hotBytes = 0;
    bool full = false;
    // Rows that a journal brings again are known by what is in memory.
    const auto journals = m_folder.journalStarts();
    for (auto *target : m_registry.targets()) {
        qint64 oldest = target->newest.load() - m_options.hotWindow;
        if (const auto start = journals.find(target); start != journals.end())
            oldest = std::min(oldest, start->second);
        auto refs = target->cold.refs();
        std::sort(refs.begin(), refs.end(),
            [](const auto &a, const auto &b) { return a.header.maxTime > b.header.maxTime; });
        // Blocks that were just made of journal rows are there already.
        std::set<std::pair<qint64, qint64>> there;
        target->eachLane([&](Lane &lane) {
            for (const auto &block : lane.blocks())
                there.emplace(block->first(), block->last());
        });
        bool latest = false;
        for (const auto &ref : refs) {
            const bool fine = ref.header.kind == FrameKind::Block;
            if (there.contains({ref.header.minTime, ref.header.maxTime}))
                latest = latest || fine;
            else if (!full && ref.header.maxTime >= oldest)
                full = !adopt(*target, ref);
            else if (fine && !latest)
                latestFrom(ref);
            latest = latest || fine;
            if (latest && full)
                break;
        }
    }
}

void StoreThread::evict()
{
    struct Old {
        qint64 last;
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
                const auto place = block->place.load();
                const bool safe = block->sealed() && (place != 0 || block->lost || !m_writable);
                if (safe && block->last() < oldest && block->seconds() == 0) {
                    gone[&lane].push_back(block.get());
                    continue;
                }
                bytes += block->bytes();
                if (safe)
                    old.push_back({block->last(), &lane, block.get()});
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
            gone[one.lane].push_back(one.block);
        }
    }
    m_folder.publish(); // readers find on disk what goes from memory
    for (const auto &[lane, blocks] : gone)
        lane->drop(blocks);
    m_hotBytes = bytes;
    m_grown = 0;
    m_gate.collect();
    if (bytes > m_options.hotBytes)
        storeAll(); // the open blocks alone are too much: they go next time
}

void StoreThread::choosePacking()
{
    if (!m_writable || m_folder.isPacking())
        return;
    std::set<quint64> hot; // files with blocks in memory
    for (auto *target : m_registry.targets())
        target->eachLane([&](Lane &lane) {
            for (const auto &block : lane.blocks())
                hot.insert(FrameFile::idOf(block->place.load()));
        });
    m_folder.choosePacking([&](const FrameFile &file) { return hot.contains(file.id()); });
}

} // namespace pilothouse
