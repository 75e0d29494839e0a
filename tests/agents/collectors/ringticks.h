// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// Ticks that follow from their numbers, and small rings for them.
#pragma once

#include "agents/collectors/ids.h"
#include "agents/collectors/ring.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>
#include <random>
#include <string>

namespace fs = std::filesystem;
using namespace pilothouse;
using namespace pilothouse::agent;

inline constexpr int64_t second = 1000000000, wallStart = int64_t(1700000010) * second;
inline const Id bootA{1}, bootB{2};

/// Everything in a tick follows from its number, so that a wrong one is seen.
inline wire::Tick tickOf(uint64_t number, std::size_t series = 20)
{
    wire::Tick tick{number, int64_t(number) * second, wallStart + int64_t(number) * second, {}};
    std::mt19937_64 random(number);
    for (std::size_t i = 0; i < series; ++i) {
        if (i % 7 == 3 && number % 5 == 0)
            tick.values.push_back(wire::absent);
        else if (i % 2 == 0)
            tick.values.push_back(int64_t(number * i)); // a counter
        else
            tick.values.push_back(int64_t(random() % 1000)); // noise
    }
    return tick;
}

inline bool areRight(const std::vector<wire::Tick> &ticks, std::size_t series = 20)
{
    for (std::size_t i = 0; i < ticks.size(); ++i) {
        if (ticks[i] != tickOf(ticks[i].number, series))
            return false;
        if (i > 0 && ticks[i].number <= ticks[i - 1].number)
            return false;
    }
    return true;
}

inline RingOptions smallRing(const fs::path &folder, Id boot = bootA)
{
    RingOptions options;
    options.folder = folder;
    options.boot = boot;
    options.ticks = {{}, "ticks", 4096, 5, 50, 10};
    options.rollups = {{}, "rollups", 4096, 4, 20, 4};
    options.syncEveryMs = 20;
    return options;
}

inline Moment at(uint64_t number)
{
    return {int64_t(number) * second, wallStart + int64_t(number) * second};
}

inline Catalogue catalogueFor(const Ring &ring)
{
    auto catalogue = ring.known();
    catalogue.version = 7;
    catalogue.series.resize(20, {"metric", "", "", MetricKind::Counter, 1});
    return catalogue;
}

inline void fill(Ring &ring, uint64_t from, uint64_t to)
{
    const auto catalogue = catalogueFor(ring);
    for (uint64_t number = from; number <= to; ++number)
        ring.append(tickOf(number), number == from ? &catalogue : nullptr);
}

inline std::string bytesOf(const fs::path &file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline void writeFile(const fs::path &file, const std::string &bytes)
{
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

inline uint64_t sizeOf(const fs::path &folder)
{
    uint64_t size = 0;
    for (const auto &entry : fs::directory_iterator(folder))
        size += entry.file_size();
    return size;
}
