// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of SegmentFolder that puts small blocks together.
#include "core/telemetry/segmentfolder.h"

#include "core/telemetry/blockformat.h"

#include <QFile>

namespace pilothouse {

void SegmentFolder::choosePacking(const std::function<bool(const FrameFile &)> &isHot)
{
    constexpr std::size_t fewest = 4, most = 16;
    // Retention deletes whole segments: one must not be too much of all.
    const qint64 largest = std::min(m_options.segmentBytes * 8, m_options.keepBytes / 16);
    if (m_packer || !writable() || m_segments.size() <= fewest || m_options.now() < m_nextPacking)
        return;
    SegmentPacker::Segments chosen;
    qint64 bytes = 0;
    for (auto one = m_segments.begin(); one != std::prev(m_segments.end()); ++one) {
        const auto &[number, file] = *one;
        const bool small = file->blocks > 0 && file->rows / file->blocks < pageRows && file->intact
            && file->isReadToItsEnd();
        const bool fits = bytes + qint64(file->end()) <= largest && chosen.size() < most;
        if (!small || !fits || isHot(*file)) {
            if (chosen.size() >= fewest)
                break;
            chosen.clear();
            bytes = 0;
            if (!small || isHot(*file))
                continue;
        }
        chosen.insert(*one);
        bytes += qint64(file->end());
    }
    if (chosen.size() >= fewest)
        m_packer = std::make_unique<SegmentPacker>(
            std::move(chosen), m_folder, m_options.blockRows, m_registry, m_damage);
}

void SegmentFolder::packStep()
{
    const auto state = m_packer->step();
    if (state == SegmentPacker::State::More)
        return;
    if (state == SegmentPacker::State::Failed || !takePacked())
        giveUpPacking();
    else
        m_packer.reset();
}

void SegmentFolder::giveUpPacking()
{
    constexpr qint64 pause = 600'000; // ms, before it is tried again: the disk may be full
    m_nextPacking = m_options.now() + pause;
    m_packer.reset();
}

bool SegmentFolder::takePacked()
{
    const auto first = m_packer->segments().begin()->first;
    auto file = m_packer->take(pathOf(first, segmentSuffix));
    if (!file)
        return false;
    // From here on the others are deleted when the folder is opened, should we end before.
    Files originals;
    for (const auto &[number, old] : m_packer->segments())
        originals.insert(old);
    forget(originals);
    for (const auto &ref : m_packer->blocks())
        index(ref);
    publish();
    for (const auto &[number, old] : m_packer->segments()) {
        if (number != first)
            QFile::remove(old->path());
        m_segments.erase(number);
    }
    m_segments[first] = std::move(file);
    return true;
}

} // namespace pilothouse
