// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/ids.h"

#include <random>
#include <sys/random.h>

namespace pilothouse::agent {

Id randomId()
{
    Id id;
    if (::getrandom(id.data(), id.size(), 0) != ssize_t(id.size())) {
        std::random_device device;
        for (auto &byte : id)
            byte = uint8_t(device());
    }
    return id;
}

std::optional<Id> parseId(std::string_view text)
{
    Id id{};
    std::size_t digits = 0;
    for (const char c : text) {
        const int value = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (c == '-')
            continue;
        if (value < 0 || digits == 32)
            return {};
        id[digits / 2] = uint8_t(id[digits / 2] << 4 | value);
        ++digits;
    }
    if (digits != 32)
        return {};
    return id;
}

std::string formatId(const Id &id)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (const auto byte : id) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

std::string formatUuid(const Id &id)
{
    auto text = formatId(id);
    for (const std::size_t at : {20, 16, 12, 8})
        text.insert(at, 1, '-');
    return text;
}

} // namespace pilothouse::agent
