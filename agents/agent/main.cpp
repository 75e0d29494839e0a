// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/commands.h"
#include "agents/agent/disk.h"
#include "agents/agent/sha256.h"
#include "agents/agent/version.h"
#include "agents/collectors/mountprobe.h"

#include <cerrno>
#include <cstdio>

using namespace pilothouse::agent;

static int runVersion(const Arguments &)
{
    std::printf("%s\n", agentVersion().c_str());
    return 0;
}

static int runHash(const Arguments &arguments)
{
    if (arguments.size() != 1)
        return 2;
    const auto hash = sha256OfFile(arguments[0]);
    if (!hash)
        return failed(arguments[0] + ": " + errnoText(errno) + '.');
    std::printf("%s\n", hash->c_str());
    return 0;
}

struct Command {
    const char *name;
    const char *usage;
    int (*run)(const Arguments &);
};

static constexpr Command commands[] = {
    {"connect", "[--running]", &runConnect}, {"serve", "[--idle-exit SECONDS]", &runServe},
    {"supervise", "FOLDER", &runSupervise}, {"install", "PATH", &runInstall},
    {"status", "", &runStatus}, {"remove", "[--force]", &runRemove}, {"version", "", &runVersion},
    {"hash", "FILE", &runHash}, {"selftest", "[--seconds N]", &runSelfTest},
    {"probe-mounts", "PATH...", &runMountProbe}, // of the collector of network mounts
};

int main(int argc, char **argv)
{
    for (const auto &command : commands) {
        if (argc >= 2 && std::string_view(argv[1]) == command.name) {
            const int code = command.run(Arguments(argv + 2, argv + argc));
            if (code == 2)
                std::fprintf(
                    stderr, "usage: pilothouse-agent %s %s\n", command.name, command.usage);
            return code;
        }
    }
    for (const auto &command : commands)
        std::fprintf(stderr, "usage: pilothouse-agent %s %s\n", command.name, command.usage);
    return 2;
}
