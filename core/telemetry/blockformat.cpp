// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/blockformat.h"

#include "core/telemetry/codec.h"

namespace pilothouse {

static bool isWhole(ByteSpan bytes, const BlockPiece &piece)
{
    return bytes.size() == piece.size && std::uint32_t(frameHash(bytes)) == piece.hash;
}

int pagesOf(const FrameHeader &header)
{
    return header.kind == FrameKind::Block ? (header.rows + pageRows - 1) / pageRows : 1;
}

std::optional<BlockHead> decodeBlockHead(ByteSpan bytes, const FrameHeader &header)
{
    ByteReader in(bytes);
    BlockHead head;
    head.seconds = int(in.value<std::uint32_t>());
    const bool fine = header.kind == FrameKind::Block;
    if (fine != (head.seconds == 0) || head.seconds < 0 || head.seconds > 86400 || header.rows == 0
        || header.seriesCount > in.left())
        return {};
    std::uint64_t offset = 0;
    const auto place = [&](BlockPiece &piece, std::uint64_t size) {
        piece.offset = offset;
        piece.size = size;
        offset += std::min<std::uint64_t>(size, header.bodySize + std::uint64_t(1));
    };
    place(head.times, in.varint());
    head.times.hash = in.value<std::uint32_t>();
    head.entries.resize(header.seriesCount);
    for (auto &one : head.entries) {
        one.number = quint32(in.varint());
        if (fine) {
            auto &sum = one.summary;
            sum.count = quint32(in.varint());
            if (sum.count > 0)
                for (auto *value : {&sum.min, &sum.max, &sum.first, &sum.last, &sum.sum})
                    *value = in.value<double>();
        }
        const bool leveled = pagesOf(header) > 1;
        place(one.levels, leveled ? in.varint() : 0);
        place(one.pages, in.varint());
        (leveled ? one.levels : one.pages).hash = in.value<std::uint32_t>();
        if (!in.ok() || offset > header.bodySize)
            return {};
    }
    if (in.left() != 0 || offset != header.bodySize)
        return {};
    return head;
}

namespace {

/// One figure of all pages after the other, as a column; absent where there is none.
class Figures {
public:
    Figures(ByteReader &in, std::size_t pages)
        : m_in(in)
        , m_values(pages)
    {
    }
    template <typename Take> bool read(Take take)
    {
        if (!codec::decodeColumn(m_in, m_values))
            return false;
        for (std::size_t i = 0; i < m_values.size(); ++i)
            take(i, m_values[i]);
        return true;
    }
    /// Whole numbers in [least, most]; absent is -1.
    template <typename Take> bool readWhole(double least, double most, Take take)
    {
        bool good = true;
        return read([&](std::size_t i, double value) {
            const bool there = value == value;
            good = good && (!there || (value >= least && value <= most && value == int(value)));
            take(i, good && there ? int(value) : -1);
        }) && good;
    }

private:
    ByteReader &m_in;
    std::vector<double> m_values;
};

bool readFigures(ByteReader &in, const FrameHeader &header, SeriesLevels &levels)
{
    auto &pages = levels.pages;
    Figures figures(in, pages.size());
    bool good = figures.readWhole(
        0, pageRows, [&](auto i, int count) { pages[i].column.count = quint32(count); });
    for (const auto field :
        {&Column::min, &Column::max, &Column::first, &Column::last, &Column::sum})
        good = good && figures.read([&](auto i, double value) { pages[i].column.*field = value; });
    for (const auto &page : pages) // a figure for each page that has any
        good = good && page.column.count <= quint32(pageRows)
            && (page.column.count == 0) == (page.column.min != page.column.min);
    if (levels.of == SeriesLevels::Values)
        return good;
    for (const auto field : {&PageLevel::firstRow, &PageLevel::lastRow})
        good = good && figures.readWhole(0, header.rows - 1, [&](auto i, int row) {
            pages[i].*field = row;
        });
    for (const auto field : {&PageLevel::firstValue, &PageLevel::lastValue})
        good = good && figures.read([&](auto i, double value) { pages[i].*field = value; });
    for (auto &page : pages)
        if (page.firstRow < 0) // no value at all
            page.firstRow = 0, page.lastRow = -1;
    return good;
}

} // namespace

std::optional<SeriesLevels> decodeLevels(
    ByteSpan bytes, const BlockHead::Entry &entry, const FrameHeader &header)
{
    SeriesLevels levels;
    levels.pages.resize(std::size_t(pagesOf(header)));
    if (levels.pages.size() == 1) {
        levels.pages.front().piece = entry.pages;
        return levels;
    }
    if (!isWhole(bytes, entry.levels))
        return {};
    ByteReader in(bytes);
    const auto of = in.value<std::uint8_t>();
    if (of > SeriesLevels::Rates)
        return {};
    levels.of = SeriesLevels::Of(of);
    std::uint64_t offset = entry.pages.offset;
    const std::uint64_t end = offset + entry.pages.size;
    for (auto &page : levels.pages) {
        page.piece = {offset, in.varint(), in.value<std::uint32_t>()};
        if (page.piece.size > end - offset)
            return {};
        offset += page.piece.size;
    }
    if (offset != end || !readFigures(in, header, levels) || in.left() != 0)
        return {};
    return levels;
}

std::optional<std::vector<qint64>> decodeBlockTimes(
    ByteSpan bytes, const BlockHead &head, const FrameHeader &header)
{
    std::vector<qint64> times(header.rows);
    if (!isWhole(bytes, head.times))
        return {};
    ByteReader in(bytes);
    const std::span<std::int64_t> all(reinterpret_cast<std::int64_t *>(times.data()), times.size());
    if (!codec::decodeTimes(in, all) || times.front() != header.minTime
        || times.back() != header.maxTime)
        return {};
    return times;
}

bool decodePage(ByteSpan bytes, const BlockPiece &piece, int columns, std::span<double> cells)
{
    if (!isWhole(bytes, piece))
        return false;
    ByteReader in(bytes);
    const auto rows = cells.size() / std::size_t(columns);
    for (int i = 0; i < columns; ++i)
        if (!codec::decodeColumn(in, cells.subspan(std::size_t(i) * rows, rows)))
            return false;
    return in.left() == 0;
}

} // namespace pilothouse
