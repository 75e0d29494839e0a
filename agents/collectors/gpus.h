// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/collectors/gpuaccounts.h"
#include "agents/collectors/helperlink.h"
#include "agents/collectors/registry.h"

#include <memory>
#include <unordered_map>

namespace pilothouse::agent {

/// Brings what the GPU helper says into series and devices. A device whose driver does not answer
/// is absent and says so; it delays nothing else.
class Gpus {
public:
    /// How long a tick is held back for answers that are on their way. Host values are read before.
    static constexpr int answerMs = 40, processAnswerMs = 300, fastAnswerMs = 60;

    Gpus(const std::filesystem::path &helper, const std::filesystem::path &unpackTo,
        HelperLink::Limits limits = {});

    /// Asks for the next sample; returns at once. Sampling thread.
    void request();
    /// Sets the values that came. Sampling thread.
    void collect(Registry &registry);

    using Uses = std::unordered_map<uint32_t, std::vector<GpuUse>>; ///< by pid
    Uses processes();
    /// Asks for a few values out of turn. Any thread.
    std::vector<GpuInstant> now();
    /// Who holds each whole device now, and what it takes.
    std::vector<GpuHolding> holdings();
    std::vector<DeviceInfo> devices() const;

private:
    struct Entry {
        DeviceInfo info;
        SeriesId series[PH_METRICS];
        bool refused[PH_METRICS]{};
        uint32_t generation = 0, usedRequest = 0;
        bool shown = false; ///< by the present helper
    };
    void collectDevice(Registry &registry, const HelperLink::State &state, std::size_t index);
    void setValues(Registry &registry, Entry &entry, const ph_sample &sample);
    void setValue(Registry &registry, Entry &entry, int metric, int64_t value);
    void collectInstances(Registry &registry, Entry &whole, const HelperLink::Device &device);
    Entry &entryOf(const HelperLink::State &state, std::size_t index);
    Entry *find(std::string_view uuid);
    Entry &add(std::string_view uuid);

    HelperLink m_link;
    uint32_t m_request = 0;
    mutable std::mutex m_mutex; ///< of the entries' infos
    std::vector<std::unique_ptr<Entry>> m_entries;
};

} // namespace pilothouse::agent
