// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/bytes.h"

namespace pilothouse::codec {

/// Ascending Unix ms as differences of differences.
void encodeTimes(std::span<const std::int64_t> times, ByteWriter &out);
bool decodeTimes(ByteReader &in, std::span<std::int64_t> times);

/// One column without loss; NaN = absent. Decimal values (98, 0.98, 640.125) become integers with
/// the cheapest of offset, difference and difference of differences; all others XOR with their
/// predecessor, by byte plane.
void encodeColumn(std::span<const double> values, ByteWriter &out);
bool decodeColumn(ByteReader &in, std::span<double> values);

Bytes compress(ByteSpan raw);
/// Empty when `packed` is no frame of exactly `rawSize` bytes.
Bytes decompress(ByteSpan packed, std::size_t rawSize);

} // namespace pilothouse::codec
