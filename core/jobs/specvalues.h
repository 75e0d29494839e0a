// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/types/jobspec.h"

#include <optional>

namespace pilothouse {

/// "64Gi", "64GiB" (binary), "64G", "64GB" (decimal), "1.5Ti", "1024": bytes, as Kubernetes counts.
std::optional<quint64> memoryFromText(const QString &text);
/// The shortest form that says it exactly: "64Gi".
QString memoryText(quint64 bytes);

/// "24h", "1d12h", "90m", "30s", and Slurm's "1-00:00:00", "2-12" and "12:30:00". Seconds. A number
/// alone is none: minutes to Slurm, seconds to Kubernetes.
std::optional<int> durationFromText(const QString &text);
QString durationText(int seconds); ///< "24h", "3d", "90m", "45s"

QString dependencyName(JobDependency::When when); ///< "succeeded", "failed", "ended", "started"
std::optional<JobDependency::When> dependencyFromName(const QString &name);

/// A list of array indices as Slurm writes it: "0-99%4", "1,3,5-9:2".
struct ArrayRange {
    int count = 0; ///< when it is 0 ... count-1, else 0
    int atOnce = 0; ///< 0 = all
};
/// Nothing when it is no such list.
std::optional<ArrayRange> arrayFromText(const QString &text);

inline constexpr int mostNodesOfJob = 20'000;

/// Whether a spec makes a job for any engine at all: BadInput with the first thing that is wrong
/// (no command, NUL in an argument, a variable's name with "=", counts below one ...).
Result<> checkSpec(const JobSpec &spec);

} // namespace pilothouse
