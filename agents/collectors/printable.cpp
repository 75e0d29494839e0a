// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/printable.h"

#include <cstdint>

namespace pilothouse::agent {

/// How many bytes the character at `at` has; 0 when it is none that may be shown.
static std::size_t characterAt(const std::string &text, std::size_t at)
{
    const auto byte = [&](std::size_t i) { return uint8_t(text[at + i]); };
    const auto lead = byte(0);
    const std::size_t length = lead < 0x80 ? 1
        : lead >= 0xf0 && lead < 0xf5      ? 4
        : lead >= 0xe0 && lead < 0xf0      ? 3
        : lead >= 0xc2 && lead < 0xe0      ? 2
                                           : 0;
    if (length == 0 || at + length > text.size())
        return 0;
    for (std::size_t k = 1; k < length; ++k) {
        if ((byte(k) & 0xc0) != 0x80)
            return 0;
    }
    const bool overlong = (lead == 0xe0 && byte(1) < 0xa0) || (lead == 0xf0 && byte(1) < 0x90);
    const bool none = (lead == 0xed && byte(1) > 0x9f) || (lead == 0xf4 && byte(1) > 0x8f);
    const bool control = lead == 0xc2 && byte(1) < 0xa0; // C1 is C2 80 to C2 9F
    return overlong || none || control ? 0 : length;
}

std::string printable(std::string text)
{
    while (!text.empty() && text.back() == '\0')
        text.pop_back();
    for (auto &c : text) {
        if (c == '\0')
            c = ' ';
        else if (uint8_t(c) < 0x20 || c == 0x7f)
            c = '?';
    }
    std::string valid;
    for (std::size_t i = 0; i < text.size();) {
        const auto length = characterAt(text, i);
        if (length > 0)
            valid.append(text, i, length);
        else
            valid += '?';
        i += length > 0 ? length : 1;
    }
    return valid;
}

} // namespace pilothouse::agent
