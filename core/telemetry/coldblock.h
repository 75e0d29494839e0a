// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/blockformat.h"
#include "core/telemetry/coldlist.h"

#include <mutex>

namespace pilothouse {

/// Whether a reader may wait for the disk, or takes only what the kernel has in memory.
enum class Wait { Yes, No };
enum class Got { There, NotAtHand, Damaged };

/// A block on disk as far as it was read: head, times, levels and pages of some of its series. What
/// was read stays until the block goes. Any thread; what is handed out after an open...() that said
/// There lives as long as the block.
class ColdBlock {
public:
    /// Bytes behind the frame's header, fewer at a torn end. Nothing: not at hand.
    using Read = std::function<std::optional<Bytes>(std::uint64_t offset, std::size_t size, Wait)>;
    using SeriesOf = std::function<SeriesId(quint32 number)>;

    /// `total` is kept up with the bytes of all blocks that share it.
    ColdBlock(const FrameHeader &header, Read read, SeriesOf seriesOf,
        std::shared_ptr<std::atomic<std::size_t>> total);
    explicit ColdBlock(const BlockRef &ref, std::shared_ptr<std::atomic<std::size_t>> total);
    ~ColdBlock();

    Got openHead(Wait wait);
    bool hasHead() const; ///< it is open already
    const BlockHead &head() const { return m_head; }
    int entryOf(SeriesId id) const; ///< place in the head, or -1
    SeriesId seriesOf(std::size_t entry) const { return m_ids[entry]; }

    // Only once the head is open:
    Got openTimes(Wait wait);
    std::span<const qint64> times() const { return m_times; }
    Got openLevels(int entry, Wait wait);
    const SeriesLevels &levels(int entry) const { return m_series[std::size_t(entry)]->levels; }

    // Only once the levels are open:
    int missing(int entry, int first, int last) const; ///< pages in [first, last] not read yet
    /// Pages [first, last] of one series, by one read. Damaged: at least one of them is.
    Got openPages(int entry, int first, int last, Wait wait);
    const double *cells(int entry, int page) const; ///< null: damaged, or not read
    int rowsOf(int page) const; ///< all of them for coarse rows

    std::size_t bytes() const { return m_bytes.load(std::memory_order_relaxed); }

private:
    struct Series {
        SeriesLevels levels;
        std::vector<std::unique_ptr<double[]>> cells; // by page; null: not read
    };
    void grow(std::size_t bytes);
    int width() const { return m_header.kind == FrameKind::Block ? 1 : 3; }

    const FrameHeader m_header;
    const Read m_read;
    const SeriesOf m_seriesOf;
    const std::shared_ptr<std::atomic<std::size_t>> m_total;
    std::atomic<std::size_t> m_bytes{0};
    mutable std::mutex m_mutex; // of what follows while it is filled; nothing is changed later
    bool m_hasHead = false, m_hasTimes = false;
    BlockHead m_head;
    std::vector<SeriesId> m_ids; // by entry
    std::vector<std::pair<SeriesId, int>> m_entries; // by id
    std::vector<qint64> m_times;
    std::vector<std::unique_ptr<Series>> m_series; // by entry; null: levels not read
};

} // namespace pilothouse
