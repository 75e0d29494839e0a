// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/sim/arguments.h"
#include "agents/sim/model/fleet.h"
#include "agents/sim/simclock.h"
#include "agents/wire/tickcodec.h"

#include "pilothouse/agent/v1/agent.pb.h"

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pilothouse::sim {

namespace v1 = ::pilothouse::agent::v1;

/// The fleet as its nodes' agents tell of it. Any thread; one lock for all.
class SimHost {
public:
    explicit SimHost(const Arguments &arguments);

    const Arguments &arguments() const { return m_arguments; }
    const SimClock &clock() const { return m_clock; }
    /// Sentences on what of the scenario cannot be.
    const std::vector<std::string> &problems() const { return m_fleet.problems(); }
    std::size_t nodes() const { return m_arguments.options.nodes; }

    /// Connections: which node answers on a descriptor that gRPC was given.
    void setNodeOfFd(int fd, std::size_t node);
    /// From grpc::ServerContext::peer(); -1 when unknown.
    long nodeOfPeer(const std::string &peer) const;
    /// Whether a node can be reached now: its agent runs and no link is cut.
    bool isReachable(std::size_t node);

    void hello(std::size_t node, v1::HelloReply &reply);
    void catalogue(std::size_t node, v1::CatalogueReply &reply);
    std::string ringId(std::size_t node) const;
    std::string bootId(std::size_t node) const;
    /// False when there is none: from before the history, in the future, or the agent was dead.
    bool tick(std::size_t node, int64_t index, wire::Tick &out);
    int64_t boottimeNs(std::size_t node, int64_t wallNs) const;
    /// What the kernel of a node said from a second until now; `from` goes on.
    void kernelEvents(std::size_t node, double &from, v1::Batch &batch);
    /// Rows of 30 s that begin in [from, to), in time; min and max are of five samples each.
    std::vector<v1::RollupBatch> rollups(std::size_t node, int64_t fromWallNs, int64_t toWallNs);
    /// Its GPUs at this moment, as WatchGpus tells of them.
    void gpusNow(std::size_t node, v1::GpuInstants &out);
    void processes(std::size_t node, std::size_t limit, v1::ProcessesReply &reply);

    std::vector<v1::Job> jobs(std::size_t node);
    /// Nullopt when there is no such job on that node.
    std::optional<v1::Job> job(std::size_t node, const std::string &id);
    struct Submitted {
        std::optional<v1::Job> job;
        bool existed = false;
        std::string refusal; ///< a sentence when there is no job
    };
    Submitted submit(std::size_t node, const v1::JobSpec &spec);
    void cancel(std::size_t node, const std::string &id);
    /// False while it runs.
    bool forget(std::size_t node, const std::string &id);
    /// What changes from now on has positions after this one.
    std::size_t changesUntilNow(std::size_t node);
    struct JobChange {
        std::string id;
        std::optional<v1::Job> job; ///< as it is now; none = forgotten
    };
    /// Those after `position`, which goes on.
    std::vector<JobChange> changes(std::size_t node, std::size_t &position);
    struct LogPart {
        std::string data;
        bool ended = false; ///< nothing will come after it
    };
    /// At most `limit` bytes from `offset` on; nullopt without such a job.
    std::optional<LogPart> log(
        std::size_t node, const std::string &id, uint64_t offset, std::size_t limit);

private:
    std::optional<SimJob> find(std::size_t node, const std::string &id);
    std::vector<SimJob> recent(std::size_t node);
    v1::Job describe(const SimJob &job, std::size_t node) const;
    uint64_t ticksOf(std::size_t node, int64_t wallNs) const;
    void collectChanges(std::size_t node);

    const Arguments m_arguments;
    mutable std::mutex m_mutex;
    SimFleet m_fleet;
    SimClock m_clock; ///< after the fleet, which needs a moment to get ready
    std::map<int, std::size_t> m_nodeOfFd;
    struct Node {
        std::vector<std::string> changed; ///< ids, in order
        std::size_t seen = 0; ///< of the fleet's changes
        std::set<std::string> forgotten;
    };
    std::vector<Node> m_nodes;
};

} // namespace pilothouse::sim
