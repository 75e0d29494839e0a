// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/handover.h"

#include "agents/agent/processes.h"
#include "agents/agent/unixsocket.h"

#include "pilothouse/agent/v1/agent.grpc.pb.h"

#include <grpcpp/create_channel_posix.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <sys/stat.h>

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

/// Who holds the daemon's lock as the kernel knows it; 0 = not known (another container's process).
static int lockHolder(const Folders &folders)
{
    struct stat info { };
    if (::stat(folders.daemonLock().c_str(), &info) != 0)
        return 0;
    // "1: FLOCK  ADVISORY  WRITE 1234 00:2d:5678 0 EOF", proc(5).
    const std::string inode = ':' + std::to_string(info.st_ino);
    std::ifstream locks("/proc/locks");
    std::string line;
    while (std::getline(locks, line)) {
        std::istringstream words(line);
        std::string number, kind, advisory, access, pid, file;
        words >> number >> kind >> advisory >> access >> pid >> file;
        if (kind == "FLOCK" && file.ends_with(inode))
            return std::max(0, std::atoi(pid.c_str()));
    }
    return 0;
}

static std::string refusal(const Folders &folders, const std::optional<DaemonInfo> &daemon)
{
    const int holder = lockHolder(folders);
    const bool known = daemon && daemon->pid == holder;
    std::string sentence = "The agent that runs here already";
    if (known)
        sentence += " (version " + daemon->version + ')';
    sentence += known ? " does not end, though it was asked to and killed."
                      : " does not end when it is asked to, and is not the one that is on record.";
    if (holder > 0)
        sentence += " End its process " + std::to_string(holder) + " and try again.";
    return sentence;
}

std::optional<std::string> handOver(
    const Folders &folders, const std::optional<DaemonInfo> &daemon, const std::string &reason)
{
    if (askToGo(folders, reason) && waitUntilGone(folders, 4))
        return std::nullopt;
    for (const int number : {SIGTERM, SIGKILL}) { // one that hangs must not keep its successor out
        if (daemon && isAlive(daemon->pid, daemon->start, daemon->boot))
            signalProcess(daemon->pid, daemon->start, number);
        if (waitUntilGone(folders, 2))
            return std::nullopt;
    }
    return refusal(folders, daemon);
}

} // namespace pilothouse::agent
