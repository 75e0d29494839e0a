// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/damagelist.h"
#include "core/telemetry/rowbatch.h"

namespace pilothouse {

/// Writes finished segments anew as one: the blocks of each target that follow one another become
/// one block, so that an hour of a series is a few reads. With many series memory allows blocks of
/// few rows only. Belongs to the store's thread, which takes a step now and then.
class SegmentPacker {
public:
    using Segments = std::map<quint64, std::shared_ptr<FrameFile>>; ///< by number

    SegmentPacker(Segments segments, const QString &folder, int blockRows, const Registry &registry,
        DamageList &damage);
    ~SegmentPacker(); ///< what is unfinished is deleted
    SegmentPacker(const SegmentPacker &) = delete;
    SegmentPacker &operator=(const SegmentPacker &) = delete;

    enum class State { More, Done, Failed };
    /// Writes about one block. Failed: there is no room, or a block cannot be read as a whole.
    State step();
    bool uses(const FrameFile &file) const;
    const Segments &segments() const { return m_segments; }
    /// Once it is Done: the new segment at `path`, and its blocks. Null: it cannot be put there.
    std::shared_ptr<FrameFile> take(const QString &path);
    const std::vector<BlockRef> &blocks() const { return m_blocks; }

    static QString unfinishedIn(const QString &folder);

private:
    bool open(const QString &folder);
    bool joins(const RowBatch &batch, const StoredTarget *target) const;
    bool write();

    Segments m_segments;
    const int m_blockRows;
    const Registry &m_registry;
    DamageList &m_damage;
    std::shared_ptr<FrameFile> m_out;
    std::vector<std::pair<const StoredTarget *, BlockRef>> m_queue; // by target, kind and time
    std::size_t m_next = 0;
    // Rows of one target that become the next block:
    const StoredTarget *m_target = nullptr;
    std::vector<RowBatch> m_rows;
    std::size_t m_rowCount = 0, m_seriesCount = 0;
    std::vector<BlockRef> m_blocks;
};

} // namespace pilothouse
