// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/agent/fd.h"
#include "agents/agent/folders.h"

#include <list>
#include <memory>
#include <mutex>
#include <string>

namespace grpc {
class Server;
}

namespace pilothouse::agent {

/// The per-user daemon: accepts connections on its unix socket, hands their descriptors to gRPC and
/// ends on TERM, on HandOver, or after `idleSeconds` without client or job.
class Daemon {
public:
    Daemon(Folders folders, int64_t idleSeconds);
    /// `readyFd`: gets "ready\n" or a sentence why not, and is closed. The process's exit code.
    int run(Fd readyFd);

private:
    std::string prepare(); ///< a sentence when it cannot be the daemon here
    void acceptOne(grpc::Server &server);
    void loop(grpc::Server &server, const class JobStore &jobs);

    Folders m_folders;
    int64_t m_idleSeconds;
    Fd m_lock, m_listen, m_signals, m_leave;
    std::list<Fd> m_clients; ///< duplicates: polled only to see who hung up
    std::mutex m_mutex;
    std::string m_reason;
};

} // namespace pilothouse::agent
