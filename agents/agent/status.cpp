// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/commands.h"
#include "agents/agent/folders.h"
#include "agents/agent/jobfolder.h"
#include "agents/agent/processes.h"
#include "agents/agent/runningjobs.h"
#include "agents/agent/version.h"

#include <cstdio>

namespace fs = std::filesystem;

namespace pilothouse::agent {

JobCounts countJobs(const fs::path &jobs)
{
    JobCounts counts;
    std::error_code error;
    for (const auto &item : fs::directory_iterator(jobs, error)) {
        if (!isJobId(item.path().filename()))
            continue;
        ++counts.all;
        const auto status = readJobStatus(item.path());
        if (status && (supervisorLives(*status) || (!status->ended() && processLives(*status))))
            ++counts.running;
    }
    return counts;
}

static std::string quoted(const std::string &text)
{
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        if (static_cast<unsigned char>(c) < 0x20) {
            char code[8];
            std::snprintf(code, sizeof code, "\\u%04x", c);
            out += code;
        } else {
            out += c;
        }
    }
    return out + '"';
}

int runStatus(const Arguments &arguments)
{
    if (!arguments.empty())
        return 2;
    const Folders folders = findFolders();
    const bool runs = daemonRuns(folders);
    const auto info = runs ? readDaemonInfo(folders) : std::nullopt;
    const auto counts = countJobs(folders.jobs);
    std::string json = "{\"schema\":\"pilothouse.agent.status\",\"version\":1";
    json += ",\"agent_version\":" + quoted(agentVersion());
    json += std::string(",\"daemon\":") + (runs ? "true" : "false");
    json += ",\"pid\":" + (info ? std::to_string(info->pid) : "null");
    json += ",\"daemon_version\":" + (info ? quoted(info->version) : "null");
    json += ",\"uptime_seconds\":"
        + (info ? std::to_string((wallNs() - info->startedNs) / 1'000'000'000) : "null");
    json += ",\"jobs\":" + std::to_string(counts.all);
    json += ",\"jobs_running\":" + std::to_string(counts.running);
    json += ",\"run_folder\":" + quoted(folders.run);
    json += ",\"state_folder\":" + quoted(folders.state);
    json += ",\"data_folder\":" + quoted(folders.data) + "}";
    std::printf("%s\n", json.c_str());
    return 0;
}

} // namespace pilothouse::agent
