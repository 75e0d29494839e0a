// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Private to core/agentlink: the two threads that serve every client's completion queue.

#include <grpcpp/completion_queue.h>

#include <shared_mutex>
#include <stop_token>

namespace pilothouse {

/// What a completion queue hands back. `done` runs on a gRPC thread and must not wait.
class CompletionTag {
public:
    virtual ~CompletionTag() = default;
    virtual void done(bool ok) = 0;
};

/// The queue for a client; they take turns. Threads start with the first call.
grpc::CompletionQueue *grpcQueue();

/// Stopped by stopAgentThreads(): calls in flight are cancelled, and no new operation may start.
std::stop_token agentThreadsStopping();

/// Held while a further operation of a running call is started; false once the threads end (a queue
/// that was shut down aborts the process on a new operation).
class QueueUse {
public:
    QueueUse();
    explicit operator bool() const { return m_open; }

private:
    std::shared_lock<std::shared_mutex> m_lock;
    bool m_open;
};

} // namespace pilothouse
