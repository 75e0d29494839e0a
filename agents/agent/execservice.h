// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/agent/service.h"

#include <grpcpp/grpcpp.h>

#include <memory>
#include <thread>

namespace pilothouse::agent {

/// Exec on its own completion queue: it must be able to end a call while it still reads from it,
/// which the synchronous API cannot. One thread takes events, one per command moves bytes.
class ExecService {
public:
    ExecService(AgentService &service, std::unique_ptr<grpc::ServerCompletionQueue> queue);
    /// The server must have been shut down: commands are killed, the queue is drained.
    ~ExecService();

private:
    struct State;
    AgentService &m_service;
    std::unique_ptr<grpc::ServerCompletionQueue> m_queue;
    std::unique_ptr<State> m_state;
    std::thread m_thread;
};

} // namespace pilothouse::agent
