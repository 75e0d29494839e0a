// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/tables.h"

#include <algorithm>

namespace pilothouse::agent {

DeviceTable::Row *DeviceTable::find(std::string_view name)
{
    if (m_next < m_rows.size() && m_rows[m_next].name == name)
        return &m_rows[m_next++];
    const auto place = std::find_if(
        m_rows.begin(), m_rows.end(), [&](const Row &row) { return row.name == name; });
    if (place == m_rows.end())
        return nullptr;
    m_next = std::size_t(place - m_rows.begin()) + 1;
    return &*place;
}

DeviceTable::Row &DeviceTable::add(Registry &registry, std::string_view name, bool wanted)
{
    Row row{std::string(name), {}};
    for (const auto &field : m_fields) {
        if (wanted)
            row.series.push_back(
                registry.add(field.metric, name, field.unit, field.kind, field.step));
    }
    m_rows.push_back(std::move(row));
    m_next = m_rows.size();
    return m_rows.back();
}

SeriesId KeyTable::find(std::string_view key, bool &known)
{
    known = true;
    if (m_next < m_entries.size() && m_entries[m_next].key == key)
        return m_entries[m_next++].id;
    const auto place = std::find_if(
        m_entries.begin(), m_entries.end(), [&](const Entry &entry) { return entry.key == key; });
    known = place != m_entries.end();
    if (!known)
        return Registry::none;
    m_next = std::size_t(place - m_entries.begin()) + 1;
    return place->id;
}

void KeyTable::add(std::string_view key, SeriesId id)
{
    m_entries.push_back({std::string(key), id});
    m_next = m_entries.size();
}

std::string snakeCase(std::string_view text)
{
    const auto lower = [](char c) { return c >= 'a' && c <= 'z'; };
    const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (!lower(c) && !upper(c) && !digit(c)) {
            if (!out.empty() && out.back() != '_')
                out += '_';
            continue;
        }
        const bool starts = upper(c) && i > 0
            && (lower(text[i - 1])
                || (upper(text[i - 1]) && i + 1 < text.size() && lower(text[i + 1])));
        if (starts && !out.empty() && out.back() != '_')
            out += '_';
        out += upper(c) ? char(c - 'A' + 'a') : c;
    }
    while (!out.empty() && out.back() == '_')
        out.pop_back();
    return out;
}

} // namespace pilothouse::agent
