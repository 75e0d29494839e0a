// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/coldblock.h"

#include <algorithm>

namespace pilothouse {

ColdBlock::ColdBlock(const FrameHeader &header, Read read, SeriesOf seriesOf,
    std::shared_ptr<std::atomic<std::size_t>> total)
    : m_header(header)
    , m_read(std::move(read))
    , m_seriesOf(std::move(seriesOf))
    , m_total(std::move(total))
{
    grow(sizeof *this);
}

ColdBlock::ColdBlock(const BlockRef &ref, std::shared_ptr<std::atomic<std::size_t>> total)
    : ColdBlock(
        ref.header,
        [file = ref.file, start = ref.offset + FrameHeader::size](
            std::uint64_t offset, std::size_t size, Wait wait) -> std::optional<Bytes> {
            if (wait == Wait::Yes)
                return file->read(start + offset, size);
            return file->readAtHand(start + offset, size);
        },
        [file = ref.file](quint32 number) { return file->global(number); }, std::move(total))
{
}

ColdBlock::~ColdBlock()
{
    m_total->fetch_sub(bytes());
}

void ColdBlock::grow(std::size_t bytes)
{
    m_bytes.fetch_add(bytes);
    m_total->fetch_add(bytes);
}

int ColdBlock::rowsOf(int page) const
{
    return width() == 1 ? std::min(pageRows, m_header.rows - page * pageRows) : m_header.rows;
}

int ColdBlock::entryOf(SeriesId id) const
{
    const auto found = std::lower_bound(m_entries.begin(), m_entries.end(), std::pair(id, 0));
    return found == m_entries.end() || found->first != id ? -1 : found->second;
}

bool ColdBlock::hasHead() const
{
    const std::lock_guard lock(m_mutex);
    return m_hasHead;
}

Got ColdBlock::openHead(Wait wait)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_hasHead)
            return Got::There;
    }
    const auto bytes = m_read(0, m_header.headSize, wait);
    if (!bytes)
        return Got::NotAtHand;
    auto head = bytes->size() == m_header.headSize && frameHash(*bytes) == m_header.headHash
        ? decodeBlockHead(*bytes, m_header)
        : std::nullopt;
    if (!head)
        return Got::Damaged;
    std::vector<SeriesId> ids;
    std::vector<std::pair<SeriesId, int>> entries;
    for (std::size_t i = 0; i < head->entries.size(); ++i) {
        ids.push_back(m_seriesOf(head->entries[i].number));
        entries.emplace_back(ids.back(), int(i));
    }
    std::sort(entries.begin(), entries.end());
    const std::lock_guard lock(m_mutex);
    if (std::exchange(m_hasHead, true))
        return Got::There;
    m_head = std::move(*head);
    m_ids = std::move(ids);
    m_entries = std::move(entries);
    m_series.resize(m_ids.size());
    grow(m_ids.size() * (sizeof(BlockHead::Entry) + 4 * sizeof(quint64)));
    return Got::There;
}

Got ColdBlock::openTimes(Wait wait)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_hasTimes)
            return Got::There;
    }
    const auto bytes
        = m_read(m_header.headSize + m_head.times.offset, std::size_t(m_head.times.size), wait);
    if (!bytes)
        return Got::NotAtHand;
    auto times = decodeBlockTimes(*bytes, m_head, m_header);
    if (!times)
        return Got::Damaged;
    const std::lock_guard lock(m_mutex);
    if (std::exchange(m_hasTimes, true))
        return Got::There;
    m_times = std::move(*times);
    grow(m_times.size() * sizeof(qint64));
    return Got::There;
}

Got ColdBlock::openLevels(int entry, Wait wait)
{
    auto &slot = m_series[std::size_t(entry)];
    {
        const std::lock_guard lock(m_mutex);
        if (slot)
            return Got::There;
    }
    const auto &where = m_head.entries[std::size_t(entry)];
    std::optional<Bytes> bytes(std::in_place);
    if (where.levels.size > 0)
        bytes
            = m_read(m_header.headSize + where.levels.offset, std::size_t(where.levels.size), wait);
    if (!bytes)
        return Got::NotAtHand;
    auto levels = decodeLevels(*bytes, where, m_header);
    if (!levels)
        return Got::Damaged;
    auto series = std::make_unique<Series>();
    series->cells.resize(levels->pages.size());
    series->levels = std::move(*levels);
    const std::lock_guard lock(m_mutex);
    if (slot)
        return Got::There;
    slot = std::move(series);
    grow(sizeof(Series) + slot->cells.size() * (sizeof(PageLevel) + sizeof(void *)));
    return Got::There;
}

int ColdBlock::missing(int entry, int first, int last) const
{
    const std::lock_guard lock(m_mutex);
    const auto &cells = m_series[std::size_t(entry)]->cells;
    return int(std::count(cells.begin() + first, cells.begin() + last + 1, nullptr));
}

Got ColdBlock::openPages(int entry, int first, int last, Wait wait)
{
    auto &series = *m_series[std::size_t(entry)];
    {
        const std::lock_guard lock(m_mutex);
        while (first <= last && series.cells[std::size_t(first)])
            ++first;
        while (last >= first && series.cells[std::size_t(last)])
            --last;
    }
    if (first > last)
        return Got::There;
    const auto &pages = series.levels.pages;
    const auto &front = pages[std::size_t(first)].piece, &back = pages[std::size_t(last)].piece;
    const auto bytes = m_read(m_header.headSize + front.offset,
        std::size_t(back.offset + back.size - front.offset), wait);
    if (!bytes)
        return Got::NotAtHand;
    ByteReader in(*bytes);
    auto got = Got::There;
    for (int i = first; i <= last; ++i) {
        const auto &piece = pages[std::size_t(i)].piece;
        const auto count = std::size_t(rowsOf(i) * width());
        auto cells = std::make_unique_for_overwrite<double[]>(count);
        if (!decodePage(in.bytes(std::size_t(piece.size)), piece, width(), {cells.get(), count})) {
            got = Got::Damaged;
            continue;
        }
        const std::lock_guard lock(m_mutex);
        auto &slot = series.cells[std::size_t(i)];
        if (slot)
            continue;
        slot = std::move(cells);
        grow(count * sizeof(double));
    }
    return got;
}

const double *ColdBlock::cells(int entry, int page) const
{
    const std::lock_guard lock(m_mutex);
    return m_series[std::size_t(entry)]->cells[std::size_t(page)].get();
}

} // namespace pilothouse
