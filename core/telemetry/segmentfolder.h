// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/coldcache.h"
#include "core/telemetry/damagelist.h"
#include "core/telemetry/rowbatch.h"
#include "core/telemetry/segmentpacker.h"
#include "core/telemetry/storeoptions.h"

#include <set>

namespace pilothouse {

/// The store's folder: segments with compressed blocks, and one journal with rows that are in no
/// block yet. Belongs to the store's thread. The process that holds the lock writes; others follow.
class SegmentFolder {
public:
    using OnRows = std::function<void(RowBatch)>;

    SegmentFolder(QString folder, const StoreOptions &options, Registry &registry, ColdCache &cache,
        DamageList &damage);
    ~SegmentFolder();

    /// Takes the lock if it is free, and indexes what is there. Rows of journals go to `onRows`;
    /// a writer calls `onIndexed` before them.
    Result<> open(const OnRows &onRows, const std::function<void()> &onIndexed);
    /// First times (Unix ms) of the rows that journals still hold; only inside `onIndexed`.
    std::map<const StoredTarget *, qint64> journalStarts() const;
    bool writable() const { return m_lock >= 0; }
    /// What another process wrote since.
    void follow(const OnRows &onRows);

    void journal(const RowBatch &batch);
    bool hasUnwritten() const { return !m_buffer.empty(); }
    std::size_t unwrittenBytes() const { return m_buffer.size(); }
    /// Hands the journal's rows to the kernel; `sync`: to the disk.
    void flush(bool sync);
    /// The journal is large or broken: all pending blocks should be stored, then it starts anew.
    bool wantsNewJournal() const;
    /// On a full disk the journal's room is freed before `storeAll` runs.
    void startJournal(const std::function<void()> &storeAll);

    void store(HotBlock &block);
    /// Deletes whole segments that are too old or too much.
    void retain();

    /// Readers find what was stored or deleted since.
    void publish();
    qint64 bytes() const;

    /// Finished segments of many small blocks are written anew as one, a step at a time. `isHot`:
    /// blocks of this file are in memory, so that it has to stay.
    void choosePacking(const std::function<bool(const FrameFile &)> &isHot);
    bool isPacking() const { return m_packer != nullptr; }
    void packStep();

private:
    bool lock();
    void scan(std::initializer_list<const char *> suffixes, bool trimTail);
    void index(const BlockRef &ref);
    using Files = std::set<std::shared_ptr<FrameFile>>;
    void forget(const Files &files); ///< readers find their blocks no more
    bool takePacked();
    void giveUpPacking();
    void replay(const OnRows &onRows);
    int openSegment(); ///< 0 or errno
    bool openJournal();
    bool dropOldest(const char *why);
    /// False: `reason` (errno) is not a full disk, or nothing is left to give up.
    bool makeRoom(int reason);
    QString pathOf(quint64 number, const char *suffix) const;

    static constexpr auto segmentSuffix = "seg", journalSuffix = "jnl";

    QString m_folder;
    StoreOptions m_options;
    Registry &m_registry;
    ColdCache &m_cache;
    DamageList &m_damage;
    int m_lock = -1;
    std::map<quint64, std::shared_ptr<FrameFile>> m_segments, m_journals;
    std::shared_ptr<FrameFile> m_segment, m_journal; // written to
    quint64 m_lastNumber = 0; // of all segments that ever were, as far as one can see
    std::set<StoredTarget *> m_changed; // to be published
    std::vector<BlockRef> m_replays; // rows of journals, to be handed out
    std::unique_ptr<SegmentPacker> m_packer;
    qint64 m_nextPacking = 0; // Unix ms
    Bytes m_buffer;
    qint64 m_bufferFrom = 0, m_bufferTo = 0;
    bool m_journalFull = false;
};

} // namespace pilothouse
