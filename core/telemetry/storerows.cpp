// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/storethread.h"

#include <algorithm>
#include <limits>

namespace pilothouse {

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

} // namespace pilothouse
