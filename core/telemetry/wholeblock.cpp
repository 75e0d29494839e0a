// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/wholeblock.h"

#include <limits>
#include <numeric>

namespace pilothouse {

StoredRows readBlock(const BlockRef &ref, DamageList &damage)
{
    StoredRows rows;
    auto &[batch, whole] = rows;
    const auto good = [&](Got got) {
        whole = whole && got == Got::There;
        if (got != Got::There && ref.file->isAtPath()) // else it was deleted meanwhile
            damage.add(ref.file->damaged(QString::number(ref.offset)));
        return got == Got::There;
    };
    ColdBlock block(ref, std::make_shared<std::atomic<std::size_t>>(0));
    if (!good(block.openHead(Wait::Yes)) || !good(block.openTimes(Wait::Yes)))
        return rows;
    batch.seconds = block.head().seconds;
    batch.times.assign(block.times().begin(), block.times().end());
    for (std::size_t i = 0; i < block.head().entries.size(); ++i) {
        batch.ids.push_back(block.seriesOf(i));
        whole = whole && batch.ids.back() != 0; // its definition is damaged
    }
    const auto width = std::size_t(batch.width()), cells = batch.cells();
    batch.values.assign(batch.times.size() * cells, std::numeric_limits<double>::quiet_NaN());
    for (std::size_t i = 0; i < batch.ids.size(); ++i) {
        const int entry = int(i), pages = pagesOf(ref.header);
        if (!good(block.openLevels(entry, Wait::Yes)))
            continue;
        good(block.openPages(entry, 0, pages - 1, Wait::Yes));
        for (int page = 0; page < pages; ++page) {
            const auto *from = block.cells(entry, page);
            const auto count = std::size_t(block.rowsOf(page)),
                       first = std::size_t(page * pageRows);
            for (std::size_t part = 0; from && part < width; ++part, from += count)
                for (std::size_t row = 0; row < count; ++row)
                    batch.values[(first + row) * cells + i * width + part] = from[row];
        }
    }
    batch = normalised(std::move(batch));
    return rows;
}

std::shared_ptr<HotBlock> sealedBlock(const RowBatch &batch, const IsCounter &isCounter)
{
    auto block
        = std::make_shared<HotBlock>(batch.ids, batch.seconds, int(batch.times.size()), isCounter);
    std::vector<int> places(batch.cells());
    std::iota(places.begin(), places.end(), 0);
    block->appendRows(batch.times, places, batch.values.data());
    block->seal();
    return block;
}

} // namespace pilothouse
