// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/lane.h"

#include <algorithm>
#include <limits>
#include <unordered_set>

namespace pilothouse {

void Lane::publish()
{
    std::sort(m_blocks.begin(), m_blocks.end(),
        [](const auto &a, const auto &b) { return a->first() < b->first(); });
    auto list = std::make_shared<const Blocks>(m_blocks);
    m_published.store(list.get());
    if (m_list)
        m_gate.retire(std::exchange(m_list, nullptr));
    m_list = std::move(list);
    m_gate.collect();
}

void Lane::replace(std::shared_ptr<HotBlock> &slot, std::shared_ptr<HotBlock> with)
{
    if (slot)
        std::erase(m_blocks, slot);
    slot = std::move(with);
    m_blocks.push_back(slot);
    publish();
}

void Lane::seal(std::shared_ptr<HotBlock> &slot)
{
    if (!slot)
        return;
    slot->seal();
    m_sealed.push_back(std::exchange(slot, nullptr));
}

void Lane::sealPending()
{
    seal(m_open);
    seal(m_late);
}

void Lane::drop(const std::vector<const HotBlock *> &blocks)
{
    const std::unordered_set<const HotBlock *> gone(blocks.begin(), blocks.end());
    std::erase_if(m_blocks, [&](const auto &block) { return gone.contains(block.get()); });
    publish();
}

void Lane::adopt(std::shared_ptr<HotBlock> block)
{
    m_newest = std::max(m_newest, block->last());
    m_blocks.push_back(std::move(block));
    publish();
}

std::span<const int> Lane::columnsFor(const HotBlock &block, const std::vector<SeriesId> &ids)
{
    if (m_mapped != &block || m_mappedIds != ids) {
        m_mapped = &block;
        m_mappedIds = ids;
        m_columns.clear();
        for (const auto id : ids)
            for (int part = 0; part < block.width(); ++part)
                m_columns.push_back(block.columnOf(id) + part);
    }
    return m_columns;
}

bool Lane::put(std::shared_ptr<HotBlock> &slot, const std::vector<SeriesId> &ids, qint64 time,
    std::span<const double> values, int capacity)
{
    if (slot && slot->isFull())
        seal(slot);
    if (slot && slot->ids() != ids
        && !std::includes(slot->ids().begin(), slot->ids().end(), ids.begin(), ids.end())) {
        m_mapped = nullptr;
        replace(slot, slot->widened(ids, m_isCounter));
    }
    if (!slot) {
        std::vector<SeriesId> all = ids;
        // The next block most likely holds what the last one did.
        if (&slot == &m_open && !m_sealed.empty()) {
            const auto &before = m_sealed.back()->ids();
            all.clear();
            std::set_union(
                before.begin(), before.end(), ids.begin(), ids.end(), std::back_inserter(all));
        }
        m_mapped = nullptr;
        auto block = std::make_shared<HotBlock>(std::move(all), m_seconds, capacity, m_isCounter);
        block->appendRow(time, columnsFor(*block, ids), values);
        replace(slot, std::move(block));
        return true;
    }
    const auto columns = columnsFor(*slot, ids);
    if (time > slot->last()) {
        slot->appendRow(time, columns, values);
        return true;
    }
    auto next = slot->withRow(time, columns, values, m_isCounter);
    m_mapped = nullptr;
    replace(slot, std::move(next));
    return true;
}

std::size_t Lane::insertFollowing(
    const std::vector<SeriesId> &ids, std::span<const qint64> times, const double *values)
{
    // A block's first row, and what widens it, take the other way.
    if (!m_open || m_open->isFull() || m_open->last() != m_newest)
        return 0;
    if (m_open->ids() != ids
        && !std::includes(m_open->ids().begin(), m_open->ids().end(), ids.begin(), ids.end()))
        return 0;
    const auto room = std::size_t(m_open->capacity() - m_open->rows());
    std::size_t count = 0;
    while (count < std::min(room, times.size())
        && times[count] > (count > 0 ? times[count - 1] : m_newest))
        ++count;
    if (count == 0)
        return 0;
    m_open->appendRows(times.first(count), columnsFor(*m_open, ids), values);
    m_newest = times[count - 1];
    return count;
}

bool Lane::insert(
    const std::vector<SeriesId> &ids, qint64 time, std::span<const double> values, int capacity)
{
    if (time > m_newest) {
        m_newest = time;
        return put(m_open, ids, time, values, capacity);
    }
    return insertLate(ids, time, values, capacity);
}

bool Lane::insertLate(
    const std::vector<SeriesId> &ids, qint64 time, std::span<const double> values, int capacity)
{
    const auto width = std::size_t(m_seconds == 0 ? 1 : 3);
    // More of a row that is still open, as when a node's sources are appended one by one.
    for (auto *slot : {&m_open, &m_late}) {
        if (!*slot || (*slot)->rowAt(time) < 0)
            continue;
        const auto &there = (*slot)->ids();
        if (!std::includes(there.begin(), there.end(), ids.begin(), ids.end())) {
            m_mapped = nullptr;
            replace(*slot, (*slot)->widened(ids, m_isCounter));
        }
    }
    std::vector<double> rest(values.begin(), values.end());
    bool news = false;
    for (const auto &block : m_blocks) {
        if (block->first() > time)
            break;
        const int row = block->rowAt(time);
        if (row < 0)
            continue;
        for (std::size_t i = 0; i < ids.size(); ++i) {
            const int column = block->columnOf(ids[i]);
            if (column < 0)
                continue;
            for (std::size_t part = 0; part < width; ++part) {
                auto &value = rest[i * width + part];
                if (std::isnan(value))
                    continue;
                const bool there = !std::isnan(block->cell(column + int(part), row));
                if (!there && block->sealed())
                    continue;
                if (!there) {
                    block->setCell(column + int(part), row, value);
                    news = true;
                }
                value = std::numeric_limits<double>::quiet_NaN();
            }
        }
    }
    if (std::all_of(rest.begin(), rest.end(), [](double value) { return std::isnan(value); }))
        return news;
    return put(m_late, ids, time, rest, capacity);
}

} // namespace pilothouse
