// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/blockformat.h"
#include "core/telemetry/damagelist.h"
#include "core/telemetry/storeoptions.h"

#include <functional>

namespace pilothouse {

/// A block on disk.
struct BlockRef {
    std::shared_ptr<FrameFile> file;
    std::uint64_t offset = 0;
    FrameHeader header;
};

/// The store's folder: segments with compressed blocks, and one journal with rows that are in no
/// block yet. Belongs to the store's thread. The process that holds the lock writes; others follow.
class SegmentFolder {
public:
    using OnRows = std::function<void(RowBatch)>;

    SegmentFolder(
        QString folder, const StoreOptions &options, Registry &registry, DamageList &damage);
    ~SegmentFolder();

    /// Takes the lock if it is free, and indexes what is there. Rows of journals go to `onRows`;
    /// a writer calls `onIndexed` before them.
    Result<> open(const OnRows &onRows, const std::function<void()> &onIndexed);
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
    /// `abandonFirst`: frees the journal's room before `storeAll` runs (full disk).
    void startJournal(const std::function<void()> &storeAll);

    void store(HotBlock &block);
    /// Deletes whole segments that are too old or too much.
    void retain();

    std::vector<BlockRef> blocks(const StoredTarget *target, qint64 from, qint64 to) const;
    qint64 bytes() const;

private:
    bool lock();
    void scan(std::initializer_list<const char *> suffixes, const OnRows &onRows, bool trimTail);
    void indexBlock(
        const std::shared_ptr<FrameFile> &file, std::uint64_t offset, const FrameHeader &header);
    void replay(const FrameFile &file, std::uint64_t offset, const FrameHeader &header,
        const OnRows &onRows);
    bool openSegment();
    bool openJournal();
    bool dropOldest(const char *why);
    QString pathOf(quint64 number, const char *suffix) const;

    QString m_folder;
    StoreOptions m_options;
    Registry &m_registry;
    DamageList &m_damage;
    int m_lock = -1;
    std::map<quint64, std::shared_ptr<FrameFile>> m_segments, m_journals;
    std::shared_ptr<FrameFile> m_segment, m_journal; // written to
    QHash<const StoredTarget *, std::vector<BlockRef>> m_index;
    Bytes m_buffer;
    qint64 m_bufferFrom = 0, m_bufferTo = 0;
    bool m_journalFull = false;
};

} // namespace pilothouse
