// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/version.h"

#include "agents/agent/sha256.h"

#include <array>
#include <filesystem>
#include <sstream>

#include <sys/stat.h>

namespace fs = std::filesystem;

namespace pilothouse::agent {

const std::string &agentVersion()
{
    static const std::string version = [] {
        const auto hash = sha256OfFile("/proc/self/exe");
        return std::string(PILOTHOUSE_VERSION) + '+' + (hash ? hash->substr(0, 12) : "unknown");
    }();
    return version;
}

std::string installedVersion()
{
    std::error_code error;
    const auto exe = fs::read_symlink("/proc/self/exe", error);
    const std::string folder = exe.parent_path().filename().string();
    const std::string prefix = std::string(PILOTHOUSE_VERSION) + '+';
    const bool fits = exe.filename() == "pilothouse-agent" && folder.starts_with(prefix)
        && folder.size() == prefix.size() + 12
        && folder.find_first_not_of("0123456789abcdef", prefix.size()) == std::string::npos;
    return fits ? folder : agentVersion();
}

int64_t installedNs()
{
    struct stat info { };
    if (::stat("/proc/self/exe", &info) != 0)
        return 0;
    return int64_t(info.st_mtim.tv_sec) * 1'000'000'000 + info.st_mtim.tv_nsec;
}

static std::array<long, 3> numbers(const std::string &version)
{
    std::array<long, 3> parts{};
    std::istringstream in(version);
    char dot = 0;
    in >> parts[0] >> dot >> parts[1] >> dot >> parts[2];
    return parts;
}

bool isNewer(const std::string &version, int64_t installed, const std::string &running,
    int64_t runningInstalled)
{
    if (version == running)
        return false;
    const auto mine = numbers(version), theirs = numbers(running);
    // Two consoles with different builds of one version would otherwise throw each other's daemon
    // out for ever; the later installed one stays.
    return mine != theirs ? mine > theirs : installed > runningInstalled;
}

} // namespace pilothouse::agent
