// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/fleet.h"

#include <cmath>

namespace pilothouse {

/// `nodes` nodes of 8 GPUs in groups of 16, the same every time: jobs of whole nodes, idle ones, a
/// few that need a look, and six nodes without a sample for 4 minutes. `tick` moves the values.
inline std::vector<FleetGpu> sampleFleet(int nodes, qint64 now, int tick = 0)
{
    static const char *const people[] = {"mia", "oskar", "lena", "tariq", "yuki"};
    static const char *const jobs[] = {"llama-sft", "vit-sweep", "eval-nightly", "diffusion-xl"};
    constexpr double gib = 1024.0 * 1024 * 1024;
    std::vector<FleetGpu> all;
    for (int n = 0; n < nodes; ++n) {
        const int rack = n / 16 + 1;
        const auto name
            = QStringLiteral("a%1-n%2").arg(rack).arg(n % 16 + 1, 2, 10, QLatin1Char('0'));
        const int kind = (n * 7 + rack * 3) % 9; // 0, 5: idle; 1: half; else busy
        for (int i = 0; i < 8; ++i) {
            FleetGpu gpu;
            gpu.target = QStringLiteral("ssh:") + name;
            gpu.node = name;
            gpu.cluster = QStringLiteral("slurm-alpha");
            gpu.group = QStringLiteral("rack a%1").arg(rack);
            gpu.uuid = QStringLiteral("GPU-%1-%2").arg(n).arg(i);
            gpu.index = i;
            gpu.model = QStringLiteral("NVIDIA H100 80GB HBM3");
            const double wave = std::sin(n * 1.7 + i * 2.3 + tick * 0.4);
            gpu.util = kind == 0 || kind == 5 ? std::max(0.0, wave * 0.04)
                : kind == 1                   ? 0.42 + 0.09 * wave
                                              : 0.91 + 0.08 * wave;
            gpu.memoryTotal = 80 * gib;
            gpu.memoryUsed = gpu.util < 0.05 ? 0.4 * gib : (58 + 18 * gpu.util) * gib;
            gpu.powerLimit = 700;
            gpu.power = 68 + 600 * gpu.util;
            gpu.temperature = 34 + 33 * gpu.util;
            gpu.sampledAt = rack == 3 && n % 16 >= 10 ? now - 240'000 : now - 300;
            if (kind != 0) {
                gpu.job = QStringLiteral("j%1").arg(n / 2 % 13);
                gpu.jobName = QLatin1String(jobs[n / 2 % 4]);
                gpu.person = QLatin1String(people[n / 2 % 5]);
            }
            if (gpu.util < idleRatio)
                gpu.idleSince = now - (kind == 5 ? 11'520'000 : 45'000);
            if (n == 3 && i == 7) {
                gpu.trouble = QStringLiteral("XID 79: GPU has fallen off the bus");
                gpu.sampledAt = now - 12'000;
            }
            if (n == 1 && i == 2)
                gpu.temperature = 88;
            all.push_back(judged(std::move(gpu), now, true));
        }
    }
    return all;
}

} // namespace pilothouse
