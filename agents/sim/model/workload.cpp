// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/sim/model/workload.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace pilothouse::sim {

static constexpr double tau = 2 * std::numbers::pi;
static constexpr double dipPart = 0.14, dipDepth = 0.55; // of a step, and of the level in it

const char *workName(WorkKind kind)
{
    switch (kind) {
    case WorkKind::Training:
        return "training";
    case WorkKind::Finetune:
        return "finetune";
    case WorkKind::Evaluation:
        return "evaluation";
    case WorkKind::Inference:
        return "inference";
    case WorkKind::Notebook:
        return "notebook";
    }
    return "";
}

double Workload::level(double x) const
{
    if (x < 0)
        return 0;
    if (x < warmSeconds)
        return warmLevel;
    if (pausing(x))
        return low;
    const double y = x - warmSeconds;
    return high * (1 + swing * std::sin(tau * y / swingSeconds));
}

double Workload::levelSeconds(double x) const
{
    if (x <= 0)
        return 0;
    if (x <= warmSeconds)
        return warmLevel * x;
    const double y = x - warmSeconds;
    const double whole = std::floor(y / period);
    const double rest = y - whole * period;
    double sum = warmLevel * warmSeconds
        + whole * (high * highSeconds + low * (period - highSeconds))
        + high * std::min(rest, highSeconds) + low * std::max(0.0, rest - highSeconds);
    if (swing != 0) // such a workload has no pauses
        sum += high * swing * swingSeconds / tau * (1 - std::cos(tau * y / swingSeconds));
    return sum;
}

double Workload::pauses(double x) const
{
    if (x <= warmSeconds || highSeconds >= period)
        return 0;
    const double y = x - warmSeconds;
    const double whole = std::floor(y / period);
    const double rest = y - whole * period;
    return whole + std::max(0.0, rest - highSeconds) / (period - highSeconds);
}

bool Workload::pausing(double x) const
{
    if (x < warmSeconds)
        return false;
    return std::fmod(x - warmSeconds, period) >= highSeconds;
}

double Workload::wave(double x, uint64_t device) const
{
    const auto second = uint64_t(std::max(0.0, x));
    const double noise = unit(mixed({seed, device, second})) - 0.5;
    if (stepSeconds <= 0)
        return 1 + 0.1 * noise;
    constexpr double rest = (1 - dipPart * dipDepth) / (1 - dipPart);
    const double phase = std::fmod(std::max(0.0, x - warmSeconds), stepSeconds) / stepSeconds;
    return (phase < dipPart ? dipDepth : rest) * (1 + 0.03 * noise);
}

double Workload::memoryFill(double x) const
{
    if (x <= 0)
        return 0;
    const double warm = std::min(1.0, x / warmSeconds);
    return warm * (0.97 + 0.03 * (1 - std::exp(-x / 600)));
}

Workload makeWorkload(WorkKind kind, Rng &rng)
{
    Workload work;
    work.kind = kind;
    work.seed = rng.next();
    switch (kind) {
    case WorkKind::Training:
        work.warmSeconds = rng.uniform(25, 90);
        work.high = rng.uniform(0.86, 0.99);
        work.period = rng.uniform(600, 1800);
        work.highSeconds = work.period - rng.uniform(8, 30);
        work.stepSeconds = rng.logUniform(1.3, 9);
        work.powerRatio = rng.uniform(0.78, 0.98);
        work.memoryRatio = rng.uniform(0.7, 0.96);
        work.checkpointBytes = rng.logUniform(8e9, 120e9);
        break;
    case WorkKind::Finetune:
        work.warmSeconds = rng.uniform(15, 45);
        work.high = rng.uniform(0.7, 0.97);
        work.period = rng.uniform(240, 900);
        work.highSeconds = work.period - rng.uniform(4, 15);
        work.stepSeconds = rng.logUniform(1.1, 4);
        work.powerRatio = rng.uniform(0.6, 0.92);
        work.memoryRatio = rng.uniform(0.35, 0.9);
        work.checkpointBytes = rng.logUniform(1e9, 20e9);
        break;
    case WorkKind::Evaluation:
        work.warmSeconds = rng.uniform(10, 30);
        work.high = rng.uniform(0.5, 0.92);
        work.period = rng.uniform(30, 120);
        work.highSeconds = work.period - rng.uniform(2, 8);
        work.stepSeconds = 0;
        work.powerRatio = rng.uniform(0.45, 0.75);
        work.memoryRatio = rng.uniform(0.2, 0.7);
        break;
    case WorkKind::Inference:
        work.warmSeconds = rng.uniform(20, 60);
        work.high = rng.uniform(0.3, 0.6);
        work.highSeconds = work.period;
        work.swing = rng.uniform(0.2, 0.6);
        work.swingSeconds = rng.uniform(900, 3600);
        work.stepSeconds = 0;
        work.powerRatio = rng.uniform(0.5, 0.8);
        work.memoryRatio = rng.uniform(0.8, 0.93);
        break;
    case WorkKind::Notebook:
        work.warmSeconds = rng.uniform(5, 20);
        work.warmLevel = 0;
        work.high = rng.uniform(0.2, 0.7);
        work.low = 0;
        work.period = rng.uniform(1200, 4800);
        work.highSeconds = rng.uniform(20, 120);
        work.stepSeconds = 0;
        work.powerRatio = rng.uniform(0.4, 0.7);
        work.memoryRatio = rng.uniform(0.05, 0.4);
        break;
    }
    return work;
}

} // namespace pilothouse::sim
