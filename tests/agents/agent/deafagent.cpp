// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// A daemon as an old agent's may be: it answers HandOver with yes, and neither that nor TERM ends
// it. Prints "ready" once it holds the place of the host that its environment names.
#include "agents/agent/disk.h"
#include "agents/agent/fd.h"
#include "agents/agent/folders.h"
#include "agents/agent/processes.h"
#include "agents/agent/program.h"
#include "agents/agent/unixsocket.h"
#include "agents/wire/magic.h"

#include "pilothouse/agent/v1/agent.grpc.pb.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/server_posix.h>

#include <csignal>
#include <cstdio>

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace pilothouse::agent;

namespace {

class DeafService : public v1::Agent::Service {
public:
    grpc::Status HandOver(
        grpc::ServerContext *, const v1::HandOverRequest *, v1::HandOverReply *) override
    {
        std::puts("asked");
        std::fflush(stdout);
        return grpc::Status::OK;
    }
};

} // namespace

int main()
{
    ::signal(SIGTERM, SIG_IGN);
    ::signal(SIGPIPE, SIG_IGN);
    const Folders folders = findFolders();
    if (secureRunFolder(folders.run))
        return 1;
    const Fd lock(::open(folders.daemonLock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (!lock || ::flock(lock.number(), LOCK_EX | LOCK_NB) != 0)
        return 1;
    DeafService service;
    grpc::ServerBuilder builder;
    builder.RegisterService(&service);
    const auto server = builder.BuildAndStart();
    const Fd listening = listenUnix(folders.socket());
    const auto self = processStat(::getpid()).value_or(ProcessStat{});
    writeDaemonInfo(folders, {self.pid, self.start, bootId(), "0.0.1+0123456789ab", 1, 1});
    std::puts("ready");
    std::fflush(stdout);
    while (true) {
        pollfd waiting{listening.number(), POLLIN, 0};
        ::poll(&waiting, 1, -1);
        Fd client(::accept4(listening.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (client && writeAll(client.number(), pilothouse::wire::magic) == 0)
            grpc::AddInsecureChannelFromFd(server.get(), client.release());
    }
}
