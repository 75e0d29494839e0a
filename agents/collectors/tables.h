// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/collectors/registry.h"
#include <span>

namespace pilothouse::agent {

/// A metric that each device of a kind has.
struct Field {
    const char *metric;
    const char *unit;
    MetricKind kind;
    double step;
};

/// Series of devices that appear as lines in a file, mostly in the same order each time.
class DeviceTable {
public:
    struct Row {
        std::string name;
        std::vector<SeriesId> series; ///< empty: a device nobody wants
    };
    explicit DeviceTable(std::span<const Field> fields)
        : m_fields(fields)
    {
    }

    /// Call before each walk over the file.
    void begin() { m_next = 0; }
    /// The row of a device, or null when it is new.
    Row *find(std::string_view name);
    Row &add(Registry &registry, std::string_view name, bool wanted = true);

private:
    std::span<const Field> m_fields;
    std::vector<Row> m_rows;
    std::size_t m_next = 0;
};

/// Series of a file of "key value" lines (meminfo, vmstat), mostly in the same order each time.
class KeyTable {
public:
    void begin() { m_next = 0; }
    /// The key's series; `none` for unwanted ones. `known` is false when the key is new: call
    /// add().
    SeriesId find(std::string_view key, bool &known);
    void add(std::string_view key, SeriesId id);

private:
    struct Entry {
        std::string key;
        SeriesId id;
    };
    std::vector<Entry> m_entries;
    std::size_t m_next = 0;
};

/// "MemAvailable" and "Active(anon)" as "mem_available" and "active_anon".
std::string snakeCase(std::string_view text);

} // namespace pilothouse::agent
