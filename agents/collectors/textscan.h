// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>

namespace pilothouse::agent {

/// Walks over kernel text without copying. Every function is safe on cut or hostile text; numbers
/// too large for a value stop at the largest one.
class TextScan {
public:
    explicit TextScan(std::string_view text)
        : m_at(text.data())
        , m_end(text.data() + text.size())
    {
    }

    bool atEnd() const { return m_at == m_end; }
    bool atLineEnd() const { return m_at == m_end || *m_at == '\n'; }

    /// How many characters are left on this line.
    std::size_t rest() const
    {
        const auto *end = static_cast<const char *>(
            m_at == m_end ? nullptr : std::memchr(m_at, '\n', std::size_t(m_end - m_at)));
        return std::size_t((end ? end : m_end) - m_at);
    }

    void skipBlanks()
    {
        while (m_at != m_end && (*m_at == ' ' || *m_at == '\t'))
            ++m_at;
    }
    void skipLine()
    {
        m_at += rest();
        if (m_at != m_end)
            ++m_at;
    }
    /// The next run of characters up to a blank, a line end or `stop`; empty at a line's end.
    std::string_view word(char stop = ' ')
    {
        skipBlanks();
        const char *from = m_at;
        while (m_at != m_end && *m_at != ' ' && *m_at != '\t' && *m_at != '\n' && *m_at != stop)
            ++m_at;
        return {from, std::size_t(m_at - from)};
    }
    /// True and past it when the next character is `c`.
    bool take(char c)
    {
        if (m_at == m_end || *m_at != c)
            return false;
        ++m_at;
        return true;
    }
    /// A whole number after blanks; false when there is none on this line.
    bool number(int64_t &value)
    {
        skipBlanks();
        const bool negative = m_at != m_end && *m_at == '-';
        const char *digit = m_at + negative;
        if (digit >= m_end || uint8_t(*digit - '0') > 9)
            return false;
        constexpr int64_t most = std::numeric_limits<int64_t>::max();
        int64_t sum = 0;
        for (; digit != m_end && uint8_t(*digit - '0') <= 9; ++digit)
            sum = sum > (most - (*digit - '0')) / 10 ? most : sum * 10 + (*digit - '0');
        m_at = digit;
        value = negative ? -sum : sum;
        return true;
    }
    /// A decimal number in units of 10^-digits ("0.43" with 2 digits is 43); false when there is
    /// none.
    bool decimal(int digits, int64_t &value)
    {
        if (!number(value))
            return false;
        const bool fraction = take('.');
        for (int i = 0; i < digits; ++i) {
            const bool digit = fraction && m_at != m_end && uint8_t(*m_at - '0') <= 9;
            if (value > std::numeric_limits<int64_t>::max() / 10 - 1)
                return false;
            value = value * 10 + (digit ? *m_at++ - '0' : 0);
        }
        while (fraction && m_at != m_end && uint8_t(*m_at - '0') <= 9)
            ++m_at;
        return true;
    }

private:
    const char *m_at, *m_end;
};

} // namespace pilothouse::agent
