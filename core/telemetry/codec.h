// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/bytes.h"

namespace pilothouse::codec {

/// Ascending Unix ms, by the best of the integer codecs; at least one.
void encodeTimes(std::span<const std::int64_t> times, ByteWriter &out);
bool decodeTimes(ByteReader &in, std::span<std::int64_t> times);

/// One column without loss; NaN = absent. Decimal values (98, 0.98, 640.125) become integers in
/// their common step, as the cheapest of one constant, offset, difference and difference of
/// differences; all others XOR with the first value or with the one before. What is left is cut
/// into byte planes, each packed by itself (planes.h).
void encodeColumn(std::span<const double> values, ByteWriter &out);
bool decodeColumn(ByteReader &in, std::span<double> values);

} // namespace pilothouse::codec
