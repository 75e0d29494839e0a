// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// A recorded /proc and /sys, and what the collectors read from it, by name.
#pragma once

#include "agents/collectors/runner.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

namespace fs = std::filesystem;
using namespace pilothouse;
using namespace pilothouse::agent;

inline const fs::path recorded = fs::path(PILOTHOUSE_SOURCE) / "tests/fixtures/proc-6.18";

inline void write(const fs::path &file, std::string_view text)
{
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

inline std::string read(const fs::path &file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// A registry that is read through a runner, and looked at by name.
struct Host {
    Registry registry{Catalogue()};
    Runner runner;
    int64_t boottimeNs = 0;

    explicit Host(const fs::path &root)
        : runner(root, registry)
    {
        sample();
    }
    Host(const fs::path &root, std::span<const CollectorInfo *const> infos)
        : runner(root, registry, infos)
    {
        sample();
    }
    void sample()
    {
        boottimeNs += 1000000000;
        runner.sample(boottimeNs);
    }
    /// NaN: absent. A series that does not exist fails the test.
    double value(std::string_view metric, std::string_view device = {}) const
    {
        const auto catalogue = registry.catalogue();
        for (std::size_t i = 0; i < catalogue.series.size(); ++i) {
            const auto &series = catalogue.series[i];
            if (series.metric != metric || series.device != device)
                continue;
            const auto steps = registry.values()[i];
            return steps == wire::absent ? std::nan("") : double(steps) * series.step;
        }
        return -12345;
    }
    bool has(std::string_view metric, std::string_view device = {}) const
    {
        return value(metric, device) != -12345;
    }
    std::string reason(std::string_view metric, std::string_view device = {}) const
    {
        for (const auto &one : registry.catalogue().unsupported) {
            if (one.metric == metric && one.device == device)
                return one.reason;
        }
        return {};
    }
};

/// A root folder for one test; warnings fail it.
struct TreeFolder {
    QTemporaryDir temporary;
    fs::path root = temporary.path().toStdString();

    TreeFolder() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void copyRecorded() const
    {
        fs::copy(
            recorded, root, fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    }
};
