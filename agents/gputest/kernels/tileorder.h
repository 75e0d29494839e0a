// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace gputest {

struct Tile {
    unsigned row, column;
};

/// Which tile a block makes, of `side` x `side`. Blocks that run at one time form a square rather
/// than a line, so that they share what they read in the L2 cache.
__device__ inline Tile tileOf(unsigned block, unsigned side)
{
    const unsigned most = 8;
    const unsigned group = block / (most * side);
    const unsigned rows = side - group * most < most ? side - group * most : most;
    const unsigned rest = block - group * most * side;
    return {group * most + rest % rows, rest / rows};
}

} // namespace gputest
