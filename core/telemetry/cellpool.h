// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>

namespace pilothouse {

/// Gives a large array of cells back to be used again by the next block of that size: fresh memory
/// costs a page fault every 512 cells. Keeps at most 16 MiB. Any thread.
struct CellPool {
    std::size_t count = 0;
    void operator()(double *cells) const;
};
using Cells = std::unique_ptr<double[], CellPool>;

/// Not initialised.
Cells takeCells(std::size_t count);

} // namespace pilothouse
