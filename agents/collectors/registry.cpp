// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/registry.h"

#include <algorithm>

namespace pilothouse::agent {

Registry::Registry(Catalogue known)
    : m_catalogue(std::move(known))
{
    for (SeriesId id = 0; id < m_catalogue.series.size(); ++id)
        m_numbers[key(m_catalogue.series[id].metric, m_catalogue.series[id].device)] = id;
    for (const auto &one : m_catalogue.unsupported)
        m_fresh[key(one.metric, one.device)] = false;
    m_values.assign(m_catalogue.series.size(), wire::absent);
}

std::string Registry::key(std::string_view metric, std::string_view device)
{
    std::string key(metric);
    key += '\n';
    key += device;
    return key;
}

SeriesId Registry::add(std::string_view metric, std::string_view device, std::string_view unit,
    MetricKind kind, double step)
{
    if (m_owned.size() <= m_owner)
        m_owned.resize(m_owner + 1);
    auto &owned = m_owned[m_owner];
    const auto known = m_numbers.find(key(metric, device));
    if (known != m_numbers.end()) {
        const auto &series = m_catalogue.series[known->second];
        // Another version of the agent may have meant it otherwise: its old values keep their
        // meaning.
        if (series.unit == unit && series.kind == kind && series.step == step) {
            if (std::find(owned.begin(), owned.end(), known->second) == owned.end())
                owned.push_back(known->second);
            supported(metric, device);
            return known->second;
        }
    }
    if (m_values.size() >= maxSeries) {
        unsupported(
            "series", "", "more than 4096 series on this host; the later ones are left out");
        return none;
    }
    supported(metric, device);
    const std::lock_guard lock(m_mutex);
    const auto id = SeriesId(m_catalogue.series.size());
    m_catalogue.series.push_back(
        {std::string(metric), std::string(device), std::string(unit), kind, step});
    ++m_catalogue.version;
    m_numbers[key(metric, device)] = id;
    m_values.push_back(wire::absent);
    owned.push_back(id);
    return id;
}

void Registry::unsupported(
    std::string_view metric, std::string_view device, std::string_view reason)
{
    auto &list = m_catalogue.unsupported;
    m_fresh[key(metric, device)] = true;
    const auto same = [&](const UnsupportedMetric &one) {
        return one.metric == metric && one.device == device;
    };
    const auto place = std::find_if(list.begin(), list.end(), same);
    if (place != list.end() && place->reason == reason)
        return;
    const std::lock_guard lock(m_mutex);
    if (place != list.end())
        place->reason = reason;
    else
        list.push_back({std::string(metric), std::string(device), std::string(reason)});
    ++m_catalogue.version;
}

void Registry::supported(std::string_view metric, std::string_view device)
{
    if (m_fresh.empty() || m_fresh.erase(key(metric, device)) == 0)
        return;
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_catalogue.unsupported,
        [&](const auto &one) { return one.metric == metric && one.device == device; });
    ++m_catalogue.version;
}

void Registry::dropStaleUnsupported()
{
    const std::lock_guard lock(m_mutex);
    const auto dropped = std::erase_if(m_catalogue.unsupported,
        [&](const auto &one) { return !m_fresh[key(one.metric, one.device)]; });
    std::erase_if(m_fresh, [](const auto &one) { return !one.second; });
    if (dropped > 0)
        ++m_catalogue.version;
}

void Registry::clear(std::size_t owner)
{
    if (owner >= m_owned.size())
        return;
    for (const auto id : m_owned[owner])
        m_values[id] = wire::absent;
}

std::size_t Registry::seriesOf(std::size_t owner) const
{
    return owner < m_owned.size() ? m_owned[owner].size() : 0;
}

Catalogue Registry::catalogue() const
{
    const std::lock_guard lock(m_mutex);
    return m_catalogue;
}

uint32_t Registry::version() const
{
    const std::lock_guard lock(m_mutex);
    return m_catalogue.version;
}

} // namespace pilothouse::agent
