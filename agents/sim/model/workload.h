// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/sim/model/rng.h"

#include <cstdint>

namespace pilothouse::sim {

enum class WorkKind { Training, Finetune, Evaluation, Inference, Notebook };
const char *workName(WorkKind kind);

/// How a job loads each of its GPUs, as a function of the seconds since it started. Mean levels are
/// a closed form, so that counters (energy, bytes) can be told for any moment without stepping
/// there; what changes within a second is added by wave().
///
/// Level: `warmLevel` for `warmSeconds`, then, again and again, `high` for `highSeconds` and `low`
/// for the rest of `period` (checkpoints of a training, pauses of a notebook's owner). Inference
/// follows its requests: high * (1 + swing * sin).
struct Workload {
    WorkKind kind = WorkKind::Training;
    double warmSeconds = 30, warmLevel = 0.06;
    double high = 0.9, low = 0.02;
    double period = 1200, highSeconds = 1180;
    double swing = 0, swingSeconds = 3600;
    double stepSeconds = 2; ///< one step of training; 0 = no steps
    double powerRatio = 0.9; ///< of what the limit leaves above idle, at level 1
    double memoryRatio = 0.8; ///< of the GPU's memory
    double checkpointBytes = 0; ///< written in each pause, per node
    uint64_t seed = 0;

    /// 0..1 at x seconds.
    double level(double x) const;
    /// Integral of level() from 0 to x, in seconds at full load.
    double levelSeconds(double x) const;
    /// Pauses up to x; a running one counts as the part of it that has passed.
    double pauses(double x) const;
    /// Whether x lies in a pause.
    bool pausing(double x) const;
    /// Factor on level(x) from dips between steps and noise; 1 in the mean. `device` makes a
    /// difference between the GPUs of a job only in the noise: steps are together.
    double wave(double x, uint64_t device) const;
    /// Part of `memoryRatio` that is taken at x.
    double memoryFill(double x) const;
};

/// A workload of a kind, of numbers of `rng`.
Workload makeWorkload(WorkKind kind, Rng &rng);

} // namespace pilothouse::sim
