// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/bytes.h"

namespace pilothouse::codec {

/// Unsigned numbers as byte planes, low bytes first: one byte with the count of planes, then each
/// plane as the shortest of one repeated byte, bytes as they are, or a zstd frame. Noise stays in
/// its low planes at eight bits a byte while the high ones shrink to their entropy.
void encodePlanes(std::span<const std::uint64_t> numbers, ByteWriter &out);
/// As many numbers as `numbers` holds; false: damaged.
bool decodePlanes(ByteReader &in, std::span<std::uint64_t> numbers);

/// One plane by itself (`stride` 1), at most 2^24 bytes.
void encodePlane(ByteSpan plane, ByteWriter &out);
bool decodePlane(ByteReader &in, std::span<std::uint8_t> plane);

} // namespace pilothouse::codec
