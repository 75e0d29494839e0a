// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/sim/model/options.h"
#include "agents/sim/model/workload.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace pilothouse::sim {

enum class JobOutcome { Succeeded, Failed, Cancelled };
enum class JobPhase { Queued, Running, Ended };

/// A job's GPUs on one node; bit i = GPU i.
struct JobShare {
    std::size_t node = 0; ///< of the fleet
    uint32_t gpus = 0;
};

/// One job of a cluster. Times are seconds of the simulation; `end` is what is planned until a
/// fault or a person ends it earlier.
struct SimJob {
    std::string id, name, person;
    std::vector<std::string> command;
    Workload work;
    unsigned perNode = 1, nodeCount = 1; ///< GPUs on each node, and nodes
    double submitted = 0, start = 0, end = 0;
    bool placed = false;
    JobOutcome outcome = JobOutcome::Succeeded;
    int exitCode = 0;
    std::string reason;
    std::vector<JobShare> shares; ///< in the order of ranks; empty until placed
    long wantedNode = -1; ///< for one that was handed in on a node
    uint32_t wantedGpus = 0; ///< exactly these of it; 0 = any

    JobPhase phase(double at) const
    {
        return !placed || at < start ? JobPhase::Queued
            : at < end               ? JobPhase::Running
                                     : JobPhase::Ended;
    }
};

/// Ids are of one node: each has its part of a job of several.
std::string idOn(const SimJob &job, std::size_t node);
uint32_t gpusOn(const SimJob &job, std::size_t node); ///< bit i = GPU i; 0 = none
/// What the processes on a node find in their environment, as torchrun and Slurm set it.
std::map<std::string, std::string> environmentOn(const SimJob &job, std::size_t node);

/// Whom the nodes take the console for: the person who hands in most of the jobs.
std::string consolePerson(const SimOptions &options);

/// A job as the people of this fleet hand it in: kind, size, name, length and how it will end.
/// `number` makes its id. `end` holds the length in seconds.
SimJob makeJob(Rng &rng, const SimOptions &options, std::size_t clusterNodes, uint64_t number);

/// A job's log: lines of `logLineBytes`, so that any part of it is made without the rest.
inline constexpr std::size_t logLineBytes = 96;
uint64_t logBytes(const SimJob &job, double at);
/// Bytes [offset, offset + limit) of what is written until `at`.
std::string logText(const SimJob &job, uint64_t offset, std::size_t limit, double at);

} // namespace pilothouse::sim
