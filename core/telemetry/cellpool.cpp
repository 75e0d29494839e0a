// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/cellpool.h"

#include <mutex>
#include <vector>

namespace pilothouse {

namespace {

struct Spare {
    std::mutex mutex;
    std::vector<std::pair<std::size_t, double *>> kept;
    std::size_t bytes = 0;
};

constexpr std::size_t mostKept = std::size_t(16) << 20;
constexpr std::size_t large = std::size_t(128) << 10; // smaller ones malloc keeps by itself

Spare &spare()
{
    static auto *all = new Spare; // never destroyed: blocks may outlive any order of destruction
    return *all;
}

} // namespace

void CellPool::operator()(double *cells) const
{
    auto &all = spare();
    const auto bytes = count * sizeof(double);
    {
        const std::lock_guard lock(all.mutex);
        if (bytes >= large && all.bytes + bytes <= mostKept) {
            all.kept.emplace_back(count, cells);
            all.bytes += bytes;
            return;
        }
    }
    delete[] cells;
}

Cells takeCells(std::size_t count)
{
    auto &all = spare();
    {
        const std::lock_guard lock(all.mutex);
        for (auto &one : all.kept) {
            if (one.first != count)
                continue;
            Cells found(one.second, CellPool{count});
            one = all.kept.back();
            all.kept.pop_back();
            all.bytes -= count * sizeof(double);
            return found;
        }
    }
    return {new double[count], CellPool{count}};
}

} // namespace pilothouse
