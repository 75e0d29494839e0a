// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/hostfacts.h"

#include "agents/agent/disk.h"
#include "agents/agent/processes.h"
#include "agents/agent/program.h"
#include "agents/agent/version.h"

#include <algorithm>
#include <sstream>

#include <sched.h>
#include <sys/utsname.h>

namespace fs = std::filesystem;

namespace pilothouse::agent {

/// Value of the first "KEY=value" or "key : value" line.
static std::string valueOf(const std::string &text, const std::string &key, char separator)
{
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with(key))
            continue;
        const auto at = line.find_first_not_of(" \t", key.size());
        if (at == std::string::npos || line[at] != separator)
            continue;
        const auto begin = line.find_first_not_of(" \t\"", at + 1);
        if (begin == std::string::npos)
            return {};
        return line.substr(begin, line.find_last_not_of(" \t\"") + 1 - begin);
    }
    return {};
}

void describeHost(const Folders &folders, v1::HelloReply &reply)
{
    utsname names{};
    ::uname(&names);
    reply.set_agent_version(agentVersion());
    reply.set_protocol(1);
    for (const char *capability : {"telemetry", "jobs", "files", "exec"})
        reply.add_capabilities(capability);
    reply.set_host_name(names.nodename);
    reply.set_machine_id(folders.machineId);
    reply.set_boot_id(bootId());
    reply.set_user(currentUser().name);
    reply.set_uid(::getuid());
    std::string os = valueOf(readFile("/etc/os-release").value_or(""), "PRETTY_NAME", '=');
    if (os.empty())
        os = valueOf(readFile("/usr/lib/os-release").value_or(""), "PRETTY_NAME", '=');
    reply.set_os(os.empty() ? names.sysname : os);
    reply.set_kernel(names.release);
    reply.set_arch(names.machine);
    reply.set_home(currentUser().home);
    const std::string cpu = readFile("/proc/cpuinfo").value_or("");
    reply.set_cpu_model(valueOf(cpu, "model name", ':'));
    reply.set_cpu_count(static_cast<uint32_t>(std::max(1L, ::sysconf(_SC_NPROCESSORS_ONLN))));
    const std::string total = valueOf(readFile("/proc/meminfo").value_or(""), "MemTotal", ':');
    reply.set_memory_bytes(std::strtoull(total.c_str(), nullptr, 10) * 1024);
    for (const auto &warning : hostWarnings("/"))
        reply.add_warnings(warning);
}

static std::string lastSetting(const fs::path &root, const std::string &key)
{
    std::string value;
    const auto look = [&](const fs::path &file) {
        if (const std::string found = valueOf(readFile(file).value_or(""), key, '=');
            !found.empty())
            value = found;
    };
    look(root / "usr/lib/systemd/logind.conf");
    look(root / "etc/systemd/logind.conf");
    // Drop-ins are read in the order of their names, whichever folder they lie in.
    std::vector<fs::path> files;
    for (const char *folder : {"usr/lib/systemd/logind.conf.d", "etc/systemd/logind.conf.d",
             "run/systemd/logind.conf.d"}) {
        std::error_code error;
        for (const auto &item : fs::directory_iterator(root / folder, error)) {
            if (item.path().extension() == ".conf")
                files.push_back(item.path());
        }
    }
    std::sort(files.begin(), files.end(),
        [](const auto &a, const auto &b) { return a.filename() < b.filename(); });
    for (const auto &file : files)
        look(file);
    return value;
}

static bool isListed(const std::string &list, const std::string &user)
{
    std::istringstream in(list);
    for (std::string name; in >> name;) {
        if (name == user)
            return true;
    }
    return false;
}

std::vector<std::string> hostWarnings(const fs::path &root)
{
    std::vector<std::string> warnings;
    const std::string kill = lastSetting(root, "KillUserProcesses");
    const bool kills = kill == "yes" || kill == "true" || kill == "on" || kill == "1";
    const std::string &user = currentUser().name;
    std::string excluded = lastSetting(root, "KillExcludeUsers");
    if (excluded.empty())
        excluded = "root"; // logind's default
    const std::string only = lastSetting(root, "KillOnlyUsers");
    if (kills && !isListed(excluded, user) && (only.empty() || isListed(only, user))) {
        warnings.push_back(
            "Logging out ends jobs here (KillUserProcesses=yes in logind.conf). Ask the "
            "administrator to set it to no or to add "
            + user + " to KillExcludeUsers.");
    }
    return warnings;
}

} // namespace pilothouse::agent
