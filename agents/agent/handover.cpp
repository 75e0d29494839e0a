// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/handover.h"

#include "agents/agent/processes.h"
#include "agents/agent/unixsocket.h"

#include "pilothouse/agent/v1/agent.grpc.pb.h"

#include <grpcpp/create_channel_posix.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <csignal>
#include <thread>

#include <fcntl.h>

namespace pilothouse::agent {

static bool askToGo(const Folders &folders, const std::string &reason)
{
    Fd fd = connectDaemon(folders.socket(), 1000);
    if (!fd)
        return false;
    ::fcntl(fd.number(), F_SETFL, O_NONBLOCK);
    const auto channel = grpc::CreateInsecureChannelFromFd("agent", fd.release());
    const auto stub = v1::Agent::NewStub(channel);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(3));
    v1::HandOverRequest request;
    request.set_reason(reason);
    v1::HandOverReply reply;
    return stub->HandOver(&context, request, &reply).ok();
}

static bool waitUntilGone(const Folders &folders, int seconds)
{
    for (int i = 0; i < seconds * 100; ++i) {
        if (!daemonRuns(folders))
            return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

bool handOver(const Folders &folders, const DaemonInfo &daemon, const std::string &reason)
{
    if (askToGo(folders, reason) && waitUntilGone(folders, 7))
        return true;
    for (const int number : {SIGTERM, SIGKILL}) { // one that hangs must not keep its successor out
        if (isAlive(daemon.pid, daemon.start, daemon.boot))
            signalProcess(daemon.pid, daemon.start, number);
        if (waitUntilGone(folders, 3))
            return true;
    }
    return false;
}

} // namespace pilothouse::agent
