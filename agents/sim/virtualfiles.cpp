// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/sim/virtualfiles.h"

#include <algorithm>
#include <filesystem>

namespace pilothouse::sim {

static const std::string home = "/home/demo", logs = "/home/demo/logs",
                         readme = "/home/demo/README.txt";
static const std::string readmeText
    = "This node is simulated. Its jobs' logs are in the folder logs.\n";

static std::string cleaned(const std::string &path)
{
    std::string full = path;
    if (full == "~" || full.starts_with("~/"))
        full.replace(0, 1, home);
    full = std::filesystem::path(full).lexically_normal().string();
    if (full.size() > 1 && full.ends_with('/'))
        full.pop_back();
    return full;
}

/// The job whose log a path is; empty when it is none.
static std::string jobOfPath(const std::string &path)
{
    const std::string_view suffix = ".log";
    if (!path.starts_with(logs + '/') || !path.ends_with(suffix))
        return {};
    return path.substr(logs.size() + 1, path.size() - logs.size() - 1 - suffix.size());
}

static v1::FileInfo logFile(const v1::Job &job)
{
    v1::FileInfo info;
    info.set_path(logs + '/' + job.id() + ".log");
    info.set_kind("file");
    info.set_size(job.log_bytes());
    info.set_modified_ns(std::max(job.submitted_ns(), job.ended_ns()));
    info.set_mode(0644);
    return info;
}

v1::FileInfo VirtualFiles::look(const std::string &path) const
{
    v1::FileInfo info;
    info.set_path(cleaned(path));
    if (const auto id = jobOfPath(info.path()); !id.empty()) {
        if (const auto job = m_host.job(m_node, id))
            return logFile(*job);
    }
    for (const auto &folder : {std::string("/"), std::string("/home"), home, logs}) {
        if (info.path() == folder) {
            info.set_kind("folder");
            info.set_mode(0755);
        }
    }
    if (info.path() == readme) {
        info.set_kind("file");
        info.set_size(readmeText.size());
        info.set_mode(0644);
    }
    if (!info.kind().empty())
        info.set_modified_ns(m_host.clock().startWallNs());
    return info;
}

std::vector<v1::FileInfo> VirtualFiles::list(const std::string &folder) const
{
    if (folder == "/")
        return {look("/home")};
    if (folder == "/home")
        return {look(home)};
    if (folder == home)
        return {look(readme), look(logs)};
    std::vector<v1::FileInfo> files;
    for (const auto &job : m_host.jobs(m_node))
        files.push_back(logFile(job));
    std::sort(files.begin(), files.end(),
        [](const auto &a, const auto &b) { return a.path() < b.path(); });
    return files;
}

std::optional<std::string> VirtualFiles::read(
    const std::string &path, uint64_t offset, std::size_t limit) const
{
    const auto full = cleaned(path);
    if (full == readme)
        return readmeText.substr(std::min<uint64_t>(offset, readmeText.size()), limit);
    if (const auto id = jobOfPath(full); !id.empty()) {
        if (auto part = m_host.log(m_node, id, offset, limit))
            return std::move(part->data);
    }
    return std::nullopt;
}

} // namespace pilothouse::sim
