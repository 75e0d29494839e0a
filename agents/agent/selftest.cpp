// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// CPU and memory self-test: the job a user launches first on a new host.
#include "agents/agent/commands.h"
#include "agents/agent/disk.h"
#include "agents/agent/selftestwork.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <thread>

#include <sched.h>

namespace pilothouse::agent {

using Clock = std::chrono::steady_clock;

static double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

static std::size_t usableCores()
{
    cpu_set_t set;
    CPU_ZERO(&set);
    if (::sched_getaffinity(0, sizeof set, &set) == 0)
        return static_cast<std::size_t>(std::max(1, CPU_COUNT(&set)));
    return std::max(1U, std::thread::hardware_concurrency());
}

static uint64_t availableBytes()
{
    const std::string info = readFile("/proc/meminfo").value_or("");
    const auto at = info.find("MemAvailable:");
    return at == std::string::npos ? 0 : std::strtoull(info.c_str() + at + 13, nullptr, 10) * 1024;
}

namespace {
/// What one part of the test found: work per second over all cores.
struct Part {
    double perSecond = 0;
    uint64_t errors = 0;
};

/// Runs `work(errors)` on each core until the time is up; work gives what it did.
using Work = std::function<double(uint64_t &errors)>;

Part onAllCores(std::size_t cores, double seconds, const char *name, const char *unit, double scale,
    const std::function<Work(std::size_t core)> &make)
{
    std::atomic<bool> stop = false;
    std::atomic<std::size_t> ready = 0;
    std::vector<std::atomic<double>> done(cores);
    std::atomic<uint64_t> errors = 0;
    std::vector<std::thread> threads;
    for (std::size_t core = 0; core < cores; ++core) {
        threads.emplace_back([&, core] {
            const Work work = make(core);
            ++ready;
            while (ready < cores)
                std::this_thread::yield();
            while (!stop) {
                uint64_t wrong = 0;
                done[core] = done[core] + work(wrong);
                errors += wrong;
            }
        });
    }
    while (ready < cores)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const auto start = Clock::now();
    const auto rate = [&] {
        double sum = 0;
        for (const auto &part : done)
            sum += part;
        return sum / secondsSince(start);
    };
    for (double next = std::min(1.0, seconds); secondsSince(start) < seconds;
         next = std::min(next + 1, seconds)) {
        std::this_thread::sleep_until(start
            + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(next)));
        std::printf("%-7s %4.1f s  %10.1f %s  %llu errors\n", name, secondsSince(start),
            rate() / scale, unit, static_cast<unsigned long long>(errors.load()));
        std::fflush(stdout);
    }
    stop = true;
    for (auto &thread : threads)
        thread.join();
    return {rate(), errors};
}
} // namespace

int runSelfTest(const Arguments &arguments)
{
    double seconds = 10;
    if (arguments.size() == 2 && arguments[0] == "--seconds") {
        const auto &text = arguments[1];
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
        if (error != std::errc() || end != text.data() + text.size() || !(seconds > 0))
            return 2;
    } else if (!arguments.empty()) {
        return 2;
    }
    const std::size_t cores = usableCores();
    // Far larger than any cache, and at most an eighth of what is free.
    const uint64_t each = std::clamp<uint64_t>(availableBytes() / 8 / cores, 6 << 20, 192 << 20);
    std::printf("CPU and memory self-test: %zu cores, %.0f s, %.0f MiB of memory per core\n", cores,
        seconds, static_cast<double>(each) / (1 << 20));

    static constexpr uint64_t rounds = 1'000'000;
    const uint64_t expected = multiplyAndAdd(rounds).checksum;
    const Part cpu
        = onAllCores(cores, seconds * 0.4, "cpu", "GFLOP/s", 1e9, [&](std::size_t) -> Work {
              return [&](uint64_t &errors) {
                  const auto result = multiplyAndAdd(rounds);
                  errors += result.checksum != expected;
                  return result.flops;
              };
          });
    const Part memory
        = onAllCores(cores, seconds * 0.3, "memory", "GB/s", 1e9, [&](std::size_t core) -> Work {
              const std::size_t count = each / 3 / sizeof(double);
              struct Arrays {
                  std::vector<double> a, b, c;
              };
              auto arrays = std::make_shared<Arrays>();
              arrays->a.assign(count, 0);
              arrays->b.assign(count, 1.5 + static_cast<double>(core));
              arrays->c.assign(count, 0.25);
              return [arrays, core](uint64_t &errors) {
                  const double bytes = triad(arrays->a, arrays->b, arrays->c);
                  for (std::size_t i = 0; i < arrays->a.size(); i += 4096 / sizeof(double))
                      errors += arrays->a[i] != 2.25 + static_cast<double>(core);
                  return bytes;
              };
          });
    const Part pattern = onAllCores(
        cores, seconds * 0.3, "pattern", "GB/s checked", 1e9, [&](std::size_t core) -> Work {
            auto words = std::make_shared<std::vector<uint64_t>>(each / sizeof(uint64_t));
            return [words, seed = core << 32](uint64_t &errors) mutable {
                errors += checkPattern(*words, seed++);
                return static_cast<double>(words->size() * sizeof(uint64_t));
            };
        });
    const uint64_t errors = cpu.errors + memory.errors + pattern.errors;
    std::printf("selftest: %.1f GFLOP/s, %.1f GB/s, %llu errors\n", cpu.perSecond / 1e9,
        memory.perSecond / 1e9, static_cast<unsigned long long>(errors));
    return errors == 0 ? 0 : 1;
}

} // namespace pilothouse::agent
