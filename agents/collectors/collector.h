// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/collectors/kernelfile.h"
#include "agents/collectors/registry.h"

#include <memory>
#include <span>

namespace pilothouse::agent {

/// What a collector needs at one reading.
struct Reading {
    Registry &registry;
    TextBuffer &buffer;
    int64_t boottimeNs = 0; ///< CLOCK_BOOTTIME of this tick
};

/// One source of numbers. Made once, read many times, always from the sampling thread.
class Collector {
public:
    virtual ~Collector() = default;
    /// Sets this tick's values. Returns what is wrong in words, or nothing. Values that are not set
    /// are absent; throwing is a failure too.
    virtual std::string read(Reading &reading) = 0;
    /// The accelerators that it reads, as of the last reading.
    virtual std::vector<DeviceInfo> devices() const { return {}; }
};

struct CollectorInfo {
    const char *name;
    int everyTicks; ///< values stay as they are in the ticks between
    std::span<const char *const> metrics; ///< said to be unsupported when the source is missing
    std::unique_ptr<Collector> (*make)(const std::filesystem::path &root);
};

/// All collectors, in the order they are read. A new one is its file and its name in catalog.cpp.
std::span<const CollectorInfo *const> collectors();

template <typename T> std::unique_ptr<Collector> makeCollector(const std::filesystem::path &root)
{
    return std::make_unique<T>(root);
}

} // namespace pilothouse::agent
