// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/blockformat.h"
#include "core/telemetry/codec.h"

#include <limits>

namespace pilothouse {

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

std::uint32_t hashFrom(const Bytes &body, std::size_t start)
{
    return std::uint32_t(frameHash(ByteSpan(body).subspan(start)));
}

/// The pages of one fine series and the levels over them.
class SeriesWriter {
public:
    SeriesWriter(const HotBlock &block, int column)
        : m_rows(block.series(column))
        , m_cells(block.column(column))
        , m_counter(block.isCounter(column))
    {
        for (std::size_t from = 0; from < m_cells.size(); from += pageRows)
            page(int(from), int(std::min(from + pageRows, m_cells.size())));
    }
    /// Its place in head and body.
    void write(ByteWriter &head, Bytes &body) const
    {
        const auto start = body.size();
        ByteWriter writeBody(body);
        if (m_pages.size() > 1) {
            writeLevels(writeBody);
            head.varint(body.size() - start);
        }
        const auto hash = m_pages.size() > 1 ? hashFrom(body, start) : m_pages.front().piece.hash;
        head.varint(m_bytes.size());
        head.value(hash);
        writeBody.bytes(m_bytes);
    }

private:
    void page(int begin, int end)
    {
        PageLevel level;
        const auto start = m_bytes.size();
        ByteWriter out(m_bytes);
        codec::encodeColumn(m_cells.subspan(std::size_t(begin), std::size_t(end - begin)), out);
        level.piece = {start, m_bytes.size() - start, hashFrom(m_bytes, start)};
        if (m_counter)
            rates(level, begin, end);
        else
            level.column = foldRows(m_rows, begin, end);
        m_pages.push_back(level);
    }
    void rates(PageLevel &level, int begin, int end) const
    {
        CounterState state;
        level.column = foldRates(m_rows, begin, end, state);
        const auto there
            = [&](int row) { return m_cells[std::size_t(row)] == m_cells[std::size_t(row)]; };
        int first = begin, last = end - 1;
        while (first < end && !there(first))
            ++first;
        while (last > first && !there(last))
            --last;
        if (first == end)
            return;
        level.firstRow = first;
        level.lastRow = last;
        level.firstValue = m_cells[std::size_t(first)];
        level.lastValue = m_cells[std::size_t(last)];
    }
    template <typename Figure> void figure(ByteWriter &out, Figure of) const
    {
        std::vector<double> all;
        all.reserve(m_pages.size());
        for (const auto &page : m_pages)
            all.push_back(of(page));
        codec::encodeColumn(all, out);
    }
    void writeLevels(ByteWriter &out) const
    {
        out.value(std::uint8_t(m_counter ? SeriesLevels::Rates : SeriesLevels::Values));
        for (const auto &page : m_pages) {
            out.varint(page.piece.size);
            out.value(page.piece.hash);
        }
        figure(out, [](const auto &page) { return double(page.column.count); });
        for (const auto field :
            {&Column::min, &Column::max, &Column::first, &Column::last, &Column::sum})
            figure(out, [field](const auto &page) {
                return page.column.count > 0 ? page.column.*field : none;
            });
        if (!m_counter)
            return;
        const auto whenThere = [](const PageLevel &page, double value) {
            return page.lastRow < page.firstRow ? none : value;
        };
        for (const auto field : {&PageLevel::firstRow, &PageLevel::lastRow})
            figure(out, [&](const auto &page) { return whenThere(page, page.*field); });
        for (const auto field : {&PageLevel::firstValue, &PageLevel::lastValue})
            figure(out, [&](const auto &page) { return whenThere(page, page.*field); });
    }

    SeriesRows m_rows;
    std::span<const double> m_cells;
    bool m_counter;
    std::vector<PageLevel> m_pages; // offsets in m_bytes
    Bytes m_bytes;
};

void writeSummary(const HotBlock &block, int column, ByteWriter &head)
{
    auto rows = block.series(column);
    if (block.isCounter(column))
        rows.levelled = 0; // they hold rates
    const auto sum = foldRows(rows, 0, block.rows());
    head.varint(sum.count);
    if (sum.count > 0)
        for (const double value : {sum.min, sum.max, sum.first, sum.last, sum.sum})
            head.value(value);
}

void writeCoarse(const HotBlock &block, int column, ByteWriter &head, Bytes &body)
{
    const auto start = body.size();
    ByteWriter out(body);
    for (int part = 0; part < block.width(); ++part)
        codec::encodeColumn(block.column(column + part), out);
    head.varint(body.size() - start);
    head.value(hashFrom(body, start));
}

} // namespace

Bytes encodeBlock(const HotBlock &block, FrameFile &file, const Registry &registry)
{
    Bytes out, head, body;
    const bool fine = block.seconds() == 0;
    ByteWriter writeHead(head), writeBody(body);
    writeHead.value(std::uint32_t(block.seconds()));
    const auto times = block.times();
    codec::encodeTimes(
        {reinterpret_cast<const std::int64_t *>(times.data()), times.size()}, writeBody);
    writeHead.varint(body.size());
    writeHead.value(hashFrom(body, 0));
    quint32 any = 0;
    for (std::size_t i = 0; i < block.ids().size(); ++i) {
        any = file.local(block.ids()[i], registry, out);
        writeHead.varint(any);
        const int column = int(i) * block.width();
        if (fine) {
            writeSummary(block, column, writeHead);
            SeriesWriter(block, column).write(writeHead, body);
        } else {
            writeCoarse(block, column, writeHead, body);
        }
    }
    FrameHeader header{.kind = fine ? FrameKind::Block : FrameKind::Rollup,
        .rows = std::uint16_t(block.rows()),
        .seriesCount = std::uint32_t(block.ids().size()),
        .anySeries = any,
        .minTime = block.first(),
        .maxTime = block.last()};
    appendFrame(out, header, head, body);
    return out;
}

std::optional<BlockRef> appendBlock(
    const HotBlock &block, FrameFile &file, const Registry &registry, int *reason)
{
    const auto bytes = encodeBlock(block, file, registry);
    const auto start = file.end();
    *reason = file.append(bytes);
    if (*reason != 0) {
        file.forgetUnwritten();
        return {};
    }
    file.minTime = file.maxTime == 0 ? block.first() : std::min(file.minTime, block.first());
    file.maxTime = std::max(file.maxTime, block.last());
    if (block.seconds() == 0) {
        file.rows += quint64(block.rows());
        ++file.blocks;
    }
    // Definitions come first: the block is the last frame.
    for (auto at = start;;) {
        const auto header = parseFrameHeader(ByteSpan(bytes).subspan(at - start));
        if (header->kind != FrameKind::Series)
            return file.block(at, *header);
        at += header->frameSize();
    }
}

} // namespace pilothouse
