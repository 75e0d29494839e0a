// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace pilothouse {

static_assert(std::endian::native == std::endian::little, "files are little-endian");

using Bytes = std::vector<std::uint8_t>;
using ByteSpan = std::span<const std::uint8_t>;

inline std::uint64_t zigzag(std::int64_t value)
{
    return (std::uint64_t(value) << 1) ^ std::uint64_t(value >> 63);
}
inline std::int64_t unzigzag(std::uint64_t value)
{
    return std::int64_t(value >> 1) ^ -std::int64_t(value & 1);
}

/// Appends little-endian values to a buffer.
class ByteWriter {
public:
    explicit ByteWriter(Bytes &out)
        : m_out(out)
    {
    }
    template <typename T> void value(T value)
    {
        const auto at = m_out.size();
        m_out.resize(at + sizeof value);
        std::memcpy(m_out.data() + at, &value, sizeof value);
    }
    void varint(std::uint64_t value)
    {
        while (value >= 0x80) {
            m_out.push_back(std::uint8_t(value) | 0x80);
            value >>= 7;
        }
        m_out.push_back(std::uint8_t(value));
    }
    void bytes(ByteSpan bytes) { m_out.insert(m_out.end(), bytes.begin(), bytes.end()); }
    void text(std::string_view text)
    {
        value(std::uint32_t(text.size()));
        bytes({reinterpret_cast<const std::uint8_t *>(text.data()), text.size()});
    }

private:
    Bytes &m_out;
};

/// Reads hostile bytes: past the end everything is zero and ok() is false.
class ByteReader {
public:
    explicit ByteReader(ByteSpan data)
        : m_data(data)
    {
    }
    bool ok() const { return m_ok; }
    std::size_t left() const { return m_data.size(); }

    template <typename T> T value()
    {
        T value{};
        if (const auto from = bytes(sizeof value); m_ok)
            std::memcpy(&value, from.data(), sizeof value);
        return value;
    }
    std::uint64_t varint()
    {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (m_data.empty())
                break;
            const auto byte = m_data.front();
            m_data = m_data.subspan(1);
            value |= std::uint64_t(byte & 0x7f) << shift;
            if (byte < 0x80)
                return value;
        }
        m_ok = false;
        return 0;
    }
    ByteSpan bytes(std::size_t count)
    {
        if (count > m_data.size()) {
            m_ok = false;
            m_data = {};
            return {};
        }
        const auto found = m_data.first(count);
        m_data = m_data.subspan(count);
        return found;
    }
    std::string_view text()
    {
        const auto found = bytes(value<std::uint32_t>());
        return {reinterpret_cast<const char *>(found.data()), found.size()};
    }

private:
    ByteSpan m_data;
    bool m_ok = true;
};

} // namespace pilothouse
