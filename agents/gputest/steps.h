// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// What is tested, one file each. Every step writes what it found into the report itself; figures go
// to /devices/N/figures (bytes or operations per second), what could not be measured to
// /devices/N/skipped as {figure, why}.
#pragma once

#include "agents/gputest/gpu.h"
#include "agents/gputest/report.h"

#include <chrono>
#include <memory>
#include <vector>

namespace gputest {

using Clock = std::chrono::steady_clock;

/// One device under test; `index` is its place in the report.
struct Subject {
    Gpu &gpu;
    Report &report;
    int index;

    std::string path(const std::string &rest) const
    {
        return "/devices/" + std::to_string(index) + '/' + rest;
    }
    void figure(const std::string &name, double value) const; ///< left out when 0
    void skip(const std::string &figure, const std::string &why) const;
};

void testDeviceBandwidth(const Subject &subject, double seconds);
void testHostBandwidth(const Subject &subject, double seconds);
/// Throughput and exact results of each number format.
void testMatrixProducts(const Subject &subject, double seconds);
/// Patterns over nearly all free memory until the deadline, each at least once.
void testMemory(const Subject &subject, Clock::time_point deadline);
/// The heaviest matrix product over and over, each result compared with the first.
void testLoad(const Subject &subject, Clock::time_point deadline);
/// Every pair, one after the other.
void testPeers(const std::vector<std::unique_ptr<Gpu>> &gpus, Report &report, double secondsForAll);

/// A number format the kernels multiply.
struct Format {
    unsigned number; ///< of operands.h
    const char *kernel; ///< gemm_bf16
    const char *title; ///< BF16
    const char *why; ///< when the kernel is not there
};
const std::vector<Format> &formats();

/// Two operands and a result of one matrix product on the device.
class Product {
public:
    /// The largest side (a multiple of 128, at most 8192) for the free memory; 0 = too little.
    static unsigned sideFor(Gpu &gpu);
    Product(Gpu &gpu, const Format &format, unsigned side);

    explicit operator bool() const { return a && b && c; }
    void fill(bool exact);
    void multiply(CuPointer to);
    double operations() const { return 2.0 * side * side * side; }

    Gpu &gpu;
    const Format &format;
    const unsigned side;
    Buffer a, b, c;
};

} // namespace gputest
