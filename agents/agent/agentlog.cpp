// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/agent/agentlog.h"

#include "agents/agent/disk.h"
#include "agents/agent/fd.h"

#include <ctime>
#include <mutex>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>

namespace pilothouse::agent {

static constexpr off_t most = 256 * 1024;

static std::mutex mutex;
static std::filesystem::path path;
static Fd file;

static void reopen()
{
    file = Fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
}

void openLog(const std::filesystem::path &where)
{
    const std::lock_guard lock(mutex);
    path = where;
    reopen();
}

void logLine(std::string_view line)
{
    const std::lock_guard lock(mutex);
    if (!file)
        return;
    struct stat info { };
    if (::fstat(file.number(), &info) == 0 && info.st_size > most) {
        ::rename(path.c_str(), (path.string() + ".1").c_str());
        reopen();
    }
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    char stamp[32];
    const auto size = std::strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ ", &utc);
    writeAll(file.number(), std::string(stamp, size).append(line).append("\n"));
}

} // namespace pilothouse::agent
