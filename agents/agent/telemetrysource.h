// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/wire/tickcodec.h"

#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace pilothouse::agent {

enum class MetricKind { Gauge, Counter, State };

struct SeriesInfo {
    std::string metric;
    std::string device;
    std::string unit;
    MetricKind kind = MetricKind::Gauge;
    double step = 1;
};

struct UnsupportedMetric {
    std::string metric, device, reason;
};

/// Grows only; version counts changes.
struct Catalogue {
    std::string ringId;
    uint32_t version = 0;
    std::vector<SeriesInfo> series;
    std::vector<UnsupportedMetric> unsupported;
};

struct RingCoverage {
    uint64_t firstNumber = 0, lastNumber = 0; ///< 1 s part; both 0 when empty
    int64_t firstWallNs = 0, lastWallNs = 0, rollupFirstWallNs = 0;
};

struct Rollup {
    int64_t startWallNs = 0;
    uint32_t seconds = 30;
    std::vector<int64_t> values; ///< min, max, last per series
};

struct GpuUse {
    std::string device;
    uint64_t memoryBytes = 0;
    bool memoryKnown = false;
    double busyRatio = -1; ///< of the device, since the call before; < 0 = not known
};

struct ProcessInfo {
    uint32_t pid = 0, parent = 0;
    std::string user, command, job;
    std::string cgroup; ///< of a process that uses a GPU: path below the mount
    double cpuRatio = 0;
    uint64_t memoryBytes = 0;
    int64_t startedNs = 0;
    uint64_t startTicks = 0; ///< since boot: with the pid it names one process
    char state = 0; ///< as in /proc/PID/stat, 0 = not known
    std::string waitsFor; ///< of one in state D: the kernel's function
    std::vector<GpuUse> gpus;
};

/// A whole GPU at one moment, for those who look more often than once a second. NaN = not known.
struct GpuInstant {
    std::string uuid;
    double busyRatio = NAN, memoryBytes = NAN, watts = NAN, celsius = NAN, smHertz = NAN;
};

/// What one owner's processes took of the GPUs of this host; see collectors/gpuaccounts.h.
struct GpuAccount {
    std::string job; ///< our job id, or empty
    std::string cgroup, user; ///< of one that is not our job
    double gpuSeconds = 0;
    double busySeconds = -1, energyJoules = -1; ///< < 0 = not known
    int64_t sinceNs = 0, lastNs = 0; ///< wall clock
};

struct DeviceInfo {
    std::string uuid, name, kind, driver, trouble;
    std::string parent; ///< of a partition: the whole device
    std::string bus; ///< PCI address "0000:1b:00.0", empty = not known
    uint32_t index = 0;
    uint64_t memoryBytes = 0;
    double powerLimitWatts = 0;
    bool simulated = false;
};

/// A message of the kernel that somebody should see, as collectors/kernelline.h reads it.
struct KernelEvent {
    uint64_t number = 0; ///< counts from 1 in this run of the agent
    int64_t wallNs = 0; ///< when, by the host's clock now
    int64_t kernelUs = 0; ///< the kernel's own time stamp: with the line it tells one from another
    std::string kind;
    std::string device; ///< GPU UUID or interface where the host knows it, else as in the line
    std::string line;
    uint32_t xid = 0;
    uint32_t times = 1; ///< it stands for so many of its kind, the others were left out
};

/// What the gRPC service needs of telemetry. Every call is thread-safe and quick.
/// The sampler (own thread) implements it; see sampler.h.
class TelemetrySource {
public:
    virtual ~TelemetrySource() = default;
    virtual Catalogue catalogue() const = 0;
    /// The version of catalogue(), without a copy of it.
    virtual uint32_t catalogueVersion() const { return catalogue().version; }
    virtual RingCoverage coverage() const = 0;
    /// Ticks with number > after, oldest first, at most `limit`, all of the same boot.
    virtual std::vector<wire::Tick> ticksAfter(uint64_t after, std::size_t limit) const = 0;
    /// Waits until a tick newer than `after` exists or `timeoutMs` passed or wakeAll() was called.
    virtual bool waitForTick(uint64_t after, int timeoutMs) const = 0;
    virtual void wakeAll() = 0;
    virtual std::vector<Rollup> rollups(int64_t fromWallNs, int64_t toWallNs) const = 0;
    virtual std::vector<ProcessInfo> processes(std::size_t limit) = 0;
    virtual std::vector<DeviceInfo> devices() const = 0;
    /// Of owners seen in the last day; with a job id, of that one alone.
    virtual std::vector<GpuAccount> gpuAccounts(const std::string & = {}) const { return {}; }
    /// Asks the GPUs now and waits for at most 60 ms; those that did not answer are absent. Nothing
    /// of it is kept, and the samples of each second do not change by it.
    virtual std::vector<GpuInstant> gpusNow() { return {}; }
    /// Messages of the kernel after `number`, oldest first. Being asked is what makes it read them.
    virtual std::vector<KernelEvent> kernelEvents(uint64_t) { return {}; }
    /// The boot (as the kernel prints it) in which a tick was taken.
    virtual std::string bootIdOf(uint64_t) const { return {}; }
};

} // namespace pilothouse::agent
