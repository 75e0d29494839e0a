// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of TargetReader that reads blocks on disk.
#include "core/telemetry/targetreader.h"

#include "core/telemetry/framefile.h"

namespace pilothouse {

bool TargetReader::opened(Got got, const BlockRef &ref)
{
    if (got == Got::Damaged && ref.file->isAtPath()) // else it was deleted meanwhile
        m_reads.damage.add(ref.file->damaged(QString::number(ref.offset)));
    m_absent = m_absent || got == Got::NotAtHand;
    return got == Got::There;
}

bool TargetReader::openHead(ColdBlock &block, const BlockRef &ref)
{
    // In cells that take as long: to find one series, and to decode and sort in one entry.
    constexpr qint64 lookup = 8, entry = 24;
    const qint64 entries = block.hasHead() ? 0 : qint64(ref.header.seriesCount);
    if (!m_reads.mayDecode(
            pageRows / 2 + qint64(m_target.wanted.size()) * lookup + entries * entry)) {
        m_absent = true;
        return false;
    }
    return opened(block.openHead(m_reads.wait), ref);
}

bool TargetReader::openPages(ColdBlock &block, const BlockRef &ref, int entry, int first, int last)
{
    constexpr int cheap = 8; // what is decoded already costs so much less
    const int cells = (block.missing(entry, first, last) * cheap + last - first + 1) * pageRows;
    if (!m_reads.mayDecode(cells / cheap)) {
        m_absent = true;
        return false;
    }
    return opened(block.openPages(entry, first, last, m_reads.wait), ref) || !m_absent;
}

/// Pages with rows that the query needs.
std::vector<TargetReader::Page> TargetReader::pagesIn(const ColdBlock &block) const
{
    std::vector<Page> pages;
    const auto times = block.times();
    for (std::size_t from = 0; from < times.size(); from += pageRows) {
        Page page{int(from / pageRows),
            times.subspan(from, std::min<std::size_t>(pageRows, times.size() - from)), false, {}};
        if (page.times.back() < early() || page.times.front() >= m_grid.to())
            continue;
        page.inOneColumn = isInOneColumn(m_grid, page.times.front(), page.times.back());
        pages.push_back(std::move(page));
    }
    return pages;
}

/// A block that overlaps no other: from its summary, the levels of its pages, or their rows,
/// whichever is the least that tells the columns apart.
bool TargetReader::feedCold(const QueryPlan::Source &source)
{
    const auto block = m_reads.cache.block(source.disk);
    if (!openHead(*block, source.disk))
        return !m_absent;
    const bool inOneColumn = isInOneColumn(m_grid, source.first, source.last);
    m_pages.clear();
    for (std::size_t i = 0; i < m_sinks.size() && !m_absent; ++i) {
        const int entry = block->entryOf(m_target.wanted[i].id);
        if (entry < 0)
            continue;
        if (inOneColumn && !m_sinks[i].isCounter()) {
            m_sinks[i].addSummary(source.first, block->head().entries[std::size_t(entry)].summary);
            continue;
        }
        if (!opened(block->openTimes(m_reads.wait), source.disk))
            break;
        if (m_pages.empty())
            m_pages = pagesIn(*block);
        if (!feedPages(*block, source.disk, entry, i))
            break;
    }
    m_reads.cache.trim();
    return !m_absent;
}

bool TargetReader::feedPages(ColdBlock &block, const BlockRef &ref, int entry, std::size_t i)
{
    if (!opened(block.openLevels(entry, m_reads.wait), ref))
        return !m_absent;
    const auto fromLevel = [&, of = block.levels(entry).of](const Page &page) {
        return page.inOneColumn && of != SeriesLevels::Nothing
            && (of == SeriesLevels::Rates) == m_sinks[i].isCounter();
    };
    for (std::size_t a = 0; a < m_pages.size(); ++a) {
        if (!m_sinks[i].isCounter() && m_pages[a].times.back() < m_grid.from())
            continue; // only seeds counters
        if (fromLevel(m_pages[a])) {
            feedLevel(block, entry, i, m_pages[a]);
            continue;
        }
        std::size_t b = a; // what follows and needs its rows, too, by the same read
        while (b + 1 < m_pages.size() && !fromLevel(m_pages[b + 1]))
            ++b;
        if (!openPages(block, ref, entry, m_pages[a].index, m_pages[b].index))
            return false;
        for (; a <= b; ++a)
            feedPage(block, entry, i, m_pages[a]);
        a = b;
    }
    return true;
}

void TargetReader::feedLevel(const ColdBlock &block, int entry, std::size_t i, const Page &page)
{
    const auto &level = block.levels(entry).pages[std::size_t(page.index)];
    const auto time = [&](int row) { return block.times()[std::size_t(row)]; };
    if (!m_sinks[i].isCounter())
        m_sinks[i].addSummary(page.times.front(), level.column);
    else if (level.firstRow <= level.lastRow)
        m_sinks[i].addRates({time(level.firstRow), level.firstValue}, level.column,
            {time(level.lastRow), level.lastValue});
}

void TargetReader::feedPage(const ColdBlock &block, int entry, std::size_t i, Page &page)
{
    SeriesRows rows;
    rows.times = page.times;
    rows.cells = block.cells(entry, page.index);
    rows.settled = true;
    if (rows.cells == nullptr)
        return; // damaged
    if (!page.edges)
        page.edges.emplace(m_grid, page.times);
    m_sinks[i].addRows(rows, *page.edges);
}

/// A block that overlaps others, or one of coarse rows.
bool TargetReader::gatherCold(const QueryPlan::Source &source)
{
    const auto block = m_reads.cache.block(source.disk);
    if (!openHead(*block, source.disk))
        return !m_absent;
    m_pages.clear();
    int first = 0, last = 0;
    for (std::size_t i = 0; i < m_sinks.size() && !m_absent; ++i) {
        const int entry = block->entryOf(m_target.wanted[i].id);
        if (entry < 0)
            continue;
        if (!opened(block->openTimes(m_reads.wait), source.disk))
            break;
        if (source.width == 1 && m_pages.empty()) {
            m_pages = pagesIn(*block);
            if (m_pages.empty())
                break;
            first = m_pages.front().index;
            last = m_pages.back().index;
        }
        if (opened(block->openLevels(entry, m_reads.wait), source.disk)
            && openPages(*block, source.disk, entry, first, last))
            gatherCells(*block, entry, i);
    }
    m_reads.cache.trim();
    return !m_absent;
}

void TargetReader::gatherCells(const ColdBlock &block, int entry, std::size_t i)
{
    const auto times = block.times();
    const int seconds = block.head().seconds;
    const auto rows = times.size();
    for (std::size_t from = 0; from < rows; from += seconds == 0 ? std::size_t(pageRows) : rows) {
        const auto *cells = block.cells(entry, int(from) / pageRows);
        if (cells == nullptr)
            continue; // damaged, or not wanted
        if (seconds > 0) {
            for (std::size_t row = 0; row < rows; ++row)
                m_intervals[i].push_back(
                    {times[row], seconds, cells[row], cells[rows + row], cells[2 * rows + row]});
            return;
        }
        for (std::size_t row = from; row < std::min(rows, from + pageRows); ++row)
            if (const double value = cells[row - from];
                value == value && times[row] >= early() && times[row] < m_grid.to())
                m_points[i].push_back({times[row], value});
    }
}

} // namespace pilothouse
