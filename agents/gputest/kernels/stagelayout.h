// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// What gemmTensor keeps in shared memory.
#pragma once

namespace gputest {

constexpr unsigned tensorTile = 128; ///< rows and columns of C that a block makes
constexpr unsigned stageBytes = 64; ///< of each row, loaded at a time
constexpr unsigned stages = 3; ///< 48 KiB, what every GPU gives a block without asking

/// Where the 16 bytes `chunk` of `row` lie in a stage. Rows are 64 bytes, two to a line of all
/// banks: turned by the line's number, eight rows of one chunk fall into different banks.
__device__ inline unsigned inStage(unsigned row, unsigned chunk)
{
    return row * stageBytes + (chunk ^ (row / 2 % 4)) * 16;
}

} // namespace gputest
