// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// A sampler over the fake library, and what it says, by name.
#pragma once

#include "agents/agent/sampler.h"
#include "agents/collectors/gpus.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;
using namespace pilothouse;
using namespace pilothouse::agent;

inline constexpr int generousMs = 60000;

inline std::string uuid(int index)
{
    return "GPU-51000000-0000-4000-8000-00000000000" + std::to_string(index);
}

/// Pids of this process's children that run the helper.
inline std::vector<pid_t> helpers()
{
    std::vector<pid_t> found;
    for (const auto &task : fs::directory_iterator("/proc/self/task")) {
        std::ifstream children(task.path() / "children");
        for (pid_t pid = 0; children >> pid;) {
            std::ifstream status("/proc/" + std::to_string(pid) + "/stat");
            std::string number, name, state;
            status >> number >> name >> state;
            if (name == "(pilot-gpuhelper)" && state != "Z")
                found.push_back(pid);
        }
    }
    return found;
}

/// A sampler and what its ticks say, by name.
struct Watched {
    std::unique_ptr<TelemetrySource> source;

    explicit Watched(const fs::path &folder, const fs::path &helper = {})
    {
        SamplerOptions options;
        options.ringFolder = folder;
        options.period = std::chrono::milliseconds(50);
        options.gpuHelper = helper;
        source = makeSampler(options);
    }
    /// The newest of the last five ticks that has it: a tick may come between two answers of the
    /// driver. NaN: absent, or no such series.
    double value(std::string_view metric, std::string_view device) const
    {
        const auto catalogue = source->catalogue();
        const auto last = source->coverage().lastNumber;
        const auto ticks = source->ticksAfter(last < 5 ? 0 : last - 5, 10);
        for (std::size_t i = 0; i < catalogue.series.size(); ++i) {
            const auto &series = catalogue.series[i];
            if (series.metric != metric || series.device != device)
                continue;
            for (auto tick = ticks.rbegin(); tick != ticks.rend(); ++tick) {
                if (i < tick->values.size() && tick->values[i] != wire::absent)
                    return double(tick->values[i]) * series.step;
            }
        }
        return std::nan("");
    }
    bool has(std::string_view metric, std::string_view device) const
    {
        const auto catalogue = source->catalogue();
        return std::any_of(catalogue.series.begin(), catalogue.series.end(),
            [&](const auto &one) { return one.metric == metric && one.device == device; });
    }
    std::string reason(std::string_view metric, std::string_view device) const
    {
        for (const auto &one : source->catalogue().unsupported) {
            if (one.metric == metric && one.device == device)
                return one.reason;
        }
        return {};
    }
    std::string trouble(const std::string &device) const
    {
        for (const auto &one : source->devices()) {
            if (one.uuid == device)
                return one.trouble;
        }
        return "no such device";
    }
    bool anyGpuValue() const
    {
        for (int i = 0; i < 8; ++i) {
            if (!std::isnan(value("gpu_busy_ratio", uuid(i))))
                return true;
        }
        return false;
    }
};

/// A folder for one test, with a scenario that the fake library reads from it.
struct ScenarioFolder {
    QTemporaryDir temporary;
    fs::path folder = temporary.path().toStdString();
    fs::path ring = folder / "ring";

    ScenarioFolder()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        qputenv("LD_LIBRARY_PATH", PILOTHOUSE_FAKE_NVML);
        qputenv(
            "PILOTHOUSE_NVML_SCENARIO", QByteArray::fromStdString((folder / "scenario").string()));
        qunsetenv("PILOTHOUSE_GPU_HELPER");
        scenario("");
    }
    /// Replaces the scenario as a whole: no reader sees half of it.
    void scenario(const std::string &text) const
    {
        const auto file = folder / "scenario";
        std::ofstream(file.string() + ".new") << text;
        fs::rename(file.string() + ".new", file);
    }
};
