// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/sim/simservice.h"

#include <grpcpp/completion_queue.h>

#include <set>
#include <vector>

namespace pilothouse::sim {

class Stream;

/// The open streams of all nodes, on one completion queue and one thread: that which calls event()
/// and tick(). The queue must have been shut down and drained when this goes.
class Streams {
public:
    Streams(SimService &service, SimHost &host, grpc::ServerCompletionQueue &queue);
    ~Streams();

    /// What the queue gave.
    static void event(void *tag, bool ok);
    /// A node has a new tick: what waits for one goes on.
    void tick(std::size_t node);
    /// No new calls are taken.
    void stop() { m_stopping = true; }

    SimService &service;
    SimHost &host;
    grpc::ServerCompletionQueue &queue;

private:
    friend class Stream;
    bool m_stopping = false;
    std::vector<std::set<Stream *>> m_open; ///< per node
};

} // namespace pilothouse::sim
