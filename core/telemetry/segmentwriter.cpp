// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of SegmentFolder that writes.
#include "core/base/log.h"
#include "core/telemetry/blockformat.h"
#include "core/telemetry/segmentfolder.h"

#include <QFile>

#include <cerrno>
#include <cstring>

namespace pilothouse {

bool SegmentFolder::openJournal()
{
    if (m_journal)
        return true;
    const quint64 number = m_journals.empty() ? 1 : m_journals.rbegin()->first + 1;
    int reason = 0;
    m_journal = FrameFile::open(pathOf(number, journalSuffix), true, &reason);
    if (m_journal)
        m_journals[number] = m_journal;
    return m_journal != nullptr;
}

int SegmentFolder::openSegment()
{
    if (!m_segment && !m_segments.empty())
        m_segment = m_segments.rbegin()->second;
    // Behind what could not be read there may be good frames: nothing is written over them.
    if (m_segment && m_segment->isReadToItsEnd()
        && qint64(m_segment->end()) < m_options.segmentBytes
        && m_segment->maxTime - m_segment->minTime < m_options.segmentSpan)
        return 0;
    if (m_segment)
        m_segment->sync();
    int reason = 0;
    auto next = FrameFile::open(pathOf(m_lastNumber + 1, segmentSuffix), true, &reason);
    if (!next)
        return reason;
    m_segments[++m_lastNumber] = m_segment = std::move(next);
    return 0;
}

void SegmentFolder::journal(const RowBatch &batch)
{
    if (!writable() || batch.times.empty() || !openJournal())
        return;
    encodeRows(batch, *m_journal, m_registry, m_buffer);
}

void SegmentFolder::flush(bool sync)
{
    if (!writable() || !m_journal)
        return;
    while (!m_buffer.empty()) {
        const int reason = m_journal->append(m_buffer);
        if (reason == 0)
            m_buffer.clear();
        else if (!makeRoom(reason)) {
            // The rows are still in memory: with a new journal they go into blocks.
            qCInfo(lcStore, "journal: %s", strerror(reason));
            m_journal->forgetUnwritten();
            m_buffer.clear();
            m_journalFull = true;
        }
    }
    if (sync) {
        m_journal->sync();
        if (m_segment)
            m_segment->sync();
    }
}

bool SegmentFolder::wantsNewJournal() const
{
    return writable()
        && (m_journalFull || (m_journal && qint64(m_journal->end()) >= m_options.journalBytes));
}

void SegmentFolder::startJournal(const std::function<void()> &storeAll)
{
    flush(false);
    const auto remove = [this] {
        for (const auto &[number, file] : std::exchange(m_journals, {}))
            QFile::remove(file->path());
        m_journal.reset();
    };
    if (std::exchange(m_journalFull, false)) {
        for (const auto &[number, file] : m_journals)
            file->abandon(); // followers may have it open
        remove();
    }
    storeAll();
    m_journalFull = false;
    if (m_segment)
        m_segment->sync();
    remove();
}

void SegmentFolder::store(HotBlock &block)
{
    for (;;) {
        int reason = openSegment();
        const auto ref = reason == 0 ? appendBlock(block, *m_segment, m_registry, &reason)
                                     : std::optional<BlockRef>();
        if (ref) {
            block.place.store(ref->place); // before readers find it on disk
            index(*ref);
            return;
        }
        if (makeRoom(reason))
            continue;
        qCInfo(lcStore, "segment: %s", strerror(reason));
        break;
    }
    block.lost = true;
    m_damage.gap(block.first(), block.last());
}

} // namespace pilothouse
