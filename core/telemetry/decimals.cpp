// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/decimals.h"

#include <array>
#include <bit>
#include <cmath>

namespace pilothouse::codec {

namespace {

constexpr std::array<double, mostPlaces + 1> powers{1, 10, 100, 1000, 10000};
constexpr double exact = 9007199254740992.0; // 2^53
constexpr double rounder = 6755399441055744.0; // 1.5 * 2^52: adding it rounds to a whole number
constexpr double roundable = 2251799813685248.0; // 2^51

/// Values as they are; the loops have no branches so that they are cheap on every value.
bool wholes(std::span<const double> values, std::int64_t *out)
{
    std::uint64_t wrong = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double value = std::abs(values[i]) < exact ? values[i] : 0;
        out[i] = std::int64_t(value);
        wrong |= std::bit_cast<std::uint64_t>(double(out[i]))
            ^ std::bit_cast<std::uint64_t>(values[i]);
    }
    return wrong == 0;
}

bool scaled(std::span<const double> values, int places, std::int64_t *out)
{
    const double power = powers[std::size_t(places)];
    std::uint64_t wrong = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        double number = values[i] * power;
        number = std::abs(number) < roundable ? (number + rounder) - rounder : 0;
        out[i] = std::int64_t(number);
        wrong |= std::bit_cast<std::uint64_t>(number / power)
            ^ std::bit_cast<std::uint64_t>(values[i]);
    }
    return wrong == 0;
}

} // namespace

std::optional<int> toDecimals(std::span<const double> values, std::span<std::int64_t> out)
{
    constexpr std::size_t step = 64;
    int places = 0;
    for (std::size_t i = 0; i < values.size();) {
        const auto part = values.subspan(i, std::min(step, values.size() - i));
        if (places == 0 ? wholes(part, out.data() + i) : scaled(part, places, out.data() + i)) {
            i += part.size();
            continue;
        }
        if (++places > mostPlaces)
            return {};
        i = 0;
    }
    return places;
}

double fromDecimal(std::int64_t number, int places)
{
    return double(number) / powers[std::size_t(places)];
}

} // namespace pilothouse::codec
