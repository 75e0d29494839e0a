// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/gputest/run.h"
#include "agents/gputest/table.h"

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <thread>

#include <unistd.h>

namespace gputest {

static void print(const Json &result, bool json)
{
    std::fprintf(stderr, "%s", tableOf(result).c_str());
    std::fflush(stderr);
    if (json)
        std::printf("%s\n", Report::text(result).c_str());
    std::fflush(stdout);
}

/// A driver that hangs never gives its thread back: then the result is told without it.
class Overseer {
public:
    Overseer(const Options &options, Report &report, bool json)
        : m_thread([this, &options, &report, json] {
            std::unique_lock lock(m_mutex);
            const auto most = std::chrono::seconds(options.seconds + options.patience);
            if (m_wake.wait_for(lock, most, [this] { return m_done; }))
                return;
            report.error(-1, "The driver did not answer in time: the test hangs.");
            report.set("/verdict", "errors");
            print(report.copy(), json);
            ::_exit(ExitErrors);
        })
    {
    }

    ~Overseer()
    {
        {
            const std::lock_guard lock(m_mutex);
            m_done = true;
        }
        m_wake.notify_all();
        m_thread.join();
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_wake;
    bool m_done = false;
    std::thread m_thread;
};

static int run(const std::vector<std::string> &arguments)
{
    const Options options = parseOptions(arguments);
    if (!options.problem.empty()) {
        std::fprintf(stderr, "pilothouse-gputest: %s\n%s", options.problem.c_str(), helpText);
        return ExitUsage;
    }
    if (options.help || options.version) {
        std::printf("%s", options.help ? helpText : "pilothouse-gputest " PILOTHOUSE_VERSION "\n");
        return ExitOk;
    }
    const bool json = options.json || ::isatty(1) == 0;
    Report report;
    report.set("/started_ms",
        std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::system_clock::now().time_since_epoch())
            .count());
    ExitCode code = ExitOk;
    {
        const Overseer overseer(options, report, json);
        code = runTest(options, report);
    }
    print(report.copy(), json);
    return code;
}

} // namespace gputest

int main(int count, char **arguments)
{
    return gputest::run({arguments + 1, arguments + count});
}
