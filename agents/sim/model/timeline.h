// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/sim/model/jobs.h"

#include <cstddef>
#include <vector>

namespace pilothouse::sim {

/// What a GPU's jobs have amounted to since the beginning.
struct WorkTotals {
    double joules = 0; ///< above idle
    double busySeconds = 0; ///< at full load
    double linkSeconds = 0; ///< of them in jobs of several GPUs on one node
    double fabricSeconds = 0; ///< in jobs of several nodes
    double writtenBytes = 0; ///< checkpoints
};

/// The jobs of one GPU, one after the other. Totals for any moment are a closed form: those before
/// the job at that moment are kept, its own come from its workload.
class Timeline {
public:
    /// Joules per second of full load of a job with powerRatio 1.
    void setPower(double watts) { m_watts = watts; }
    /// `job` begins now, when the one before has ended. `shareOfWrites`: this GPU's part of what
    /// its node writes.
    void begin(const std::vector<SimJob> &jobs, std::size_t job, double shareOfWrites);
    /// The job at a moment; -1 = none.
    long jobAt(const std::vector<SimJob> &jobs, double at) const;
    WorkTotals totals(const std::vector<SimJob> &jobs, double at) const;
    double joules(const std::vector<SimJob> &jobs, double at) const;

private:
    struct Entry {
        std::size_t job;
        double start, shareOfWrites;
        WorkTotals before;
    };
    /// The newest that has begun; null = none.
    const Entry *entryAt(double at) const;
    void addOwn(const SimJob &job, const Entry &entry, double at, WorkTotals &totals) const;

    double m_watts = 0;
    std::vector<Entry> m_entries;
};

} // namespace pilothouse::sim
