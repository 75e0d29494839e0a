// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/agent/telemetrysource.h"

#include <array>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace pilothouse::agent {

/// What amdgpu's files give of a card, in AmdValues' order; README.md names the metrics.
enum class AmdField {
    Busy, ///< percent
    MemoryBusy, ///< percent
    MemoryUsed, ///< bytes
    MemoryTotal, ///< bytes
    Power, ///< milliwatts
    PowerLimit, ///< milliwatts
    Temperature, ///< thousandths of a degree: of the edge, else of the junction
    MemoryTemperature, ///< thousandths of a degree
    Clock, ///< hertz, of the shaders
    MemoryClock, ///< hertz
    Fan, ///< percent
    PcieGeneration,
    PcieWidth, ///< lanes
    PcieReplays,
    EccCorrected,
    EccUncorrected,
    Count
};

using AmdValues = std::array<std::optional<int64_t>, std::size_t(AmdField::Count)>;

/// Reads a card's folder (sys/class/drm/card0/device) once; what is not there is absent. May block
/// for as long as the driver does. Sources: Documentation/gpu/amdgpu/thermal.rst, driver-misc.rst
/// and ras.rst of the kernel.
AmdValues readAmdCard(const std::filesystem::path &device);

/// A card and the thread that reads it: a driver that hangs hangs only that thread.
class AmdCard {
public:
    static constexpr int answerMs = 40, silentMs = 3000;

    using Reader = std::function<AmdValues(const std::filesystem::path &device)>;

    AmdCard(const std::filesystem::path &device, DeviceInfo info, Reader reader = &readAmdCard);
    ~AmdCard(); ///< the thread ends when its driver lets it

    const DeviceInfo &info() const { return m_info; }
    /// Asks anew and waits a moment for the answer. Nothing when it owes one for longer; `trouble`
    /// of the info then says so.
    std::optional<AmdValues> read();

private:
    struct State;
    static void serve(const std::shared_ptr<State> &state);

    DeviceInfo m_info;
    std::shared_ptr<State> m_state;
};

} // namespace pilothouse::agent
