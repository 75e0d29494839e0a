// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace pilothouse::codec {

/// Decimal places a column may have: 98, 0.98, 640.125, 0.0001.
constexpr int mostPlaces = 4;

/// Integers n with values[i] == n / 10^places bit for bit, and the fewest places that do.
/// Nothing when there are none, as with NaN, infinities, -0.0 and more than 2^53.
std::optional<int> toDecimals(std::span<const double> values, std::span<std::int64_t> out);
/// n / 10^places; places must be in [0, mostPlaces].
double fromDecimal(std::int64_t number, int places);

} // namespace pilothouse::codec
