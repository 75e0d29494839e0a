// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/agent/telemetrysource.h"

#include <mutex>
#include <string_view>
#include <unordered_map>

namespace pilothouse::agent {

/// Number of a series, its place in a tick's values.
using SeriesId = uint32_t;

/// The catalogue and the values of the tick that is being read. Series are only ever added.
/// Everything but catalogue() and version() belongs to the sampling thread.
class Registry {
public:
    /// More series than this are refused and said so: names that come and go must not fill memory.
    static constexpr std::size_t maxSeries = 4096;
    static constexpr SeriesId none = ~SeriesId(0);

    /// `known` is what the ring on disk has; its numbers stay valid.
    explicit Registry(Catalogue known);

    /// The number of a series, new or known. `none` when there are too many.
    SeriesId add(std::string_view metric, std::string_view device, std::string_view unit,
        MetricKind kind, double step = 1);
    /// Says that a metric cannot be had here, and why. Adding the series takes it back.
    void unsupported(std::string_view metric, std::string_view device, std::string_view reason);
    void supported(std::string_view metric, std::string_view device);
    /// Forgets what an earlier run could not have and this one did not say again.
    void dropStaleUnsupported();

    void set(SeriesId id, int64_t steps)
    {
        if (id < m_values.size())
            m_values[id] = steps;
    }
    /// Whatever is added next belongs to this owner (a collector's place in its list).
    void setOwner(std::size_t owner) { m_owner = owner; }
    /// Makes the owner's values absent, before it reads again.
    void clear(std::size_t owner);
    std::size_t seriesOf(std::size_t owner) const;
    const std::vector<int64_t> &values() const { return m_values; }

    Catalogue catalogue() const;
    uint32_t version() const;

private:
    static std::string key(std::string_view metric, std::string_view device);

    mutable std::mutex m_mutex;
    Catalogue m_catalogue;
    std::unordered_map<std::string, SeriesId> m_numbers;
    std::unordered_map<std::string, bool> m_fresh; ///< unsupported ones: said in this run
    std::vector<int64_t> m_values;
    std::vector<std::vector<SeriesId>> m_owned;
    std::size_t m_owner = 0;
};

} // namespace pilothouse::agent
