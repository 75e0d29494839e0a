// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pilothouse::agent {

/// Multiplies and adds in as many registers as keep the units of a core busy. The same number of
/// rounds gives the same bits on every core of a host: anything else is an error of the hardware.
struct Multiplied {
    double flops = 0;
    uint64_t checksum = 0;
};
Multiplied multiplyAndAdd(uint64_t rounds);

/// a = b + 3 c; gives the bytes moved.
double triad(std::vector<double> &a, const std::vector<double> &b, const std::vector<double> &c);

/// Writes a pattern made of seed and address, reads it back; gives the number of wrong words.
uint64_t checkPattern(std::vector<uint64_t> &memory, uint64_t seed);

} // namespace pilothouse::agent
