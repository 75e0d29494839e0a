// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/hotblock.h"
#include "core/telemetry/readgate.h"

namespace pilothouse {

/// The hot blocks of one target of one row length. Rows in order go to the open block; older ones
/// to a second, late block, which may overlap others.
class Lane {
public:
    using Blocks = std::vector<std::shared_ptr<HotBlock>>;

    Lane(ReadGate &gate, int seconds, IsCounter isCounter)
        : m_gate(gate)
        , m_seconds(seconds)
        , m_isCounter(std::move(isCounter))
    {
    }
    int seconds() const { return m_seconds; }

    /// For readers inside the gate; by first time. Null = none yet.
    const Blocks *published() const { return m_published.load(); }

    // The store's thread only:
    /// `ids` ascending, `values` ids x width. Values already stored for `time` stay.
    /// Returns false when all of it was there before.
    bool insert(const std::vector<SeriesId> &ids, qint64 time, std::span<const double> values,
        int capacity);
    /// The rows from `times` on that follow all others and fit the open block, put in at once;
    /// returns how many. `values`: times x ids x width.
    std::size_t insertFollowing(
        const std::vector<SeriesId> &ids, std::span<const qint64> times, const double *values);
    bool hasSealed() const { return !m_sealed.empty(); }
    /// A block read from disk.
    void adopt(std::shared_ptr<HotBlock> block);
    /// No block stays open: for a new journal, for memory.
    void sealPending();
    /// Forgets blocks that are on disk or lost.
    void drop(const std::vector<const HotBlock *> &blocks);
    const Blocks &blocks() const { return m_blocks; }
    /// Sealed since the last call, still to be written.
    Blocks takeSealed() { return std::exchange(m_sealed, {}); }

private:
    void publish();
    void replace(std::shared_ptr<HotBlock> &slot, std::shared_ptr<HotBlock> with);
    void seal(std::shared_ptr<HotBlock> &slot);
    std::span<const int> columnsFor(const HotBlock &block, const std::vector<SeriesId> &ids);
    bool insertLate(const std::vector<SeriesId> &ids, qint64 time, std::span<const double> values,
        int capacity);
    bool put(std::shared_ptr<HotBlock> &slot, const std::vector<SeriesId> &ids, qint64 time,
        std::span<const double> values, int capacity);

    ReadGate &m_gate;
    const int m_seconds;
    const IsCounter m_isCounter;
    std::atomic<const Blocks *> m_published{nullptr};
    std::shared_ptr<const Blocks> m_list; // what m_published points to
    Blocks m_blocks, m_sealed;
    std::shared_ptr<HotBlock> m_open, m_late;
    qint64 m_newest = 0;
    // Columns of the ids last asked for.
    const HotBlock *m_mapped = nullptr;
    std::vector<SeriesId> m_mappedIds;
    std::vector<int> m_columns;
};

} // namespace pilothouse
