// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/gputest/run.h"

#include "agents/gputest/steps.h"
#include "agents/gputest/watch.h"

#include <algorithm>
#include <thread>

namespace gputest {

namespace {

using Gpus = std::vector<std::unique_ptr<Gpu>>;

ExitCode noDevice(Report &report, const std::string &why)
{
    report.set("/verdict", "no CUDA device");
    report.set("/trouble", why);
    return ExitNoDevice;
}

bool wanted(const std::string &uuid, const std::vector<std::string> &devices)
{
    return devices.empty() || std::any_of(devices.begin(), devices.end(), [&uuid](const auto &one) {
        return uuid.starts_with(one);
    });
}

/// Empty text, or why there are none.
std::string findGpus(const Options &options, Report &report, Gpus &gpus)
{
    if (const char *why = loadCuda(); *why)
        return why;
    if (cudaIsSimulated())
        report.set("/simulated", true);
    if (const CuResult result = cuda.init(0); result != 0)
        return describe(result, "cuInit");
    int version = 0, count = 0;
    if (cuda.driverVersion(&version) == 0)
        report.set(
            "/cuda", std::to_string(version / 1000) + '.' + std::to_string(version % 1000 / 10));
    if (const CuResult result = cuda.deviceCount(&count); result != 0)
        return describe(result, "cuDeviceGetCount");
    if (count == 0)
        return "CUDA shows none (CUDA_VISIBLE_DEVICES may hide them)";
    std::vector<std::string> missing = options.devices;
    for (int i = 0; i < count; ++i) {
        auto gpu = std::make_unique<Gpu>(i);
        if (!wanted(gpu->uuid, options.devices))
            continue;
        std::erase_if(missing, [&gpu](const auto &one) { return gpu->uuid.starts_with(one); });
        gpus.push_back(std::move(gpu));
    }
    return missing.empty() ? std::string() : "there is no device " + missing.front();
}

void describeGpus(const Gpus &gpus, Report &report)
{
    for (const auto &gpu : gpus)
        report.append("/devices",
            {{"uuid", gpu->uuid}, {"name", gpu->name}, {"bus", gpu->bus},
                {"compute", std::to_string(gpu->major) + '.' + std::to_string(gpu->minor)},
                {"multiprocessors", gpu->multiprocessors}, {"memory_bytes", gpu->memoryBytes},
                {"ecc", gpu->ecc}, {"module", gpu->module}, {"figures", Json::object()},
                {"skipped", Json::array()}, {"errors", Json::array()},
                {"warnings", Json::array()}});
}

/// The same step on all devices at one time, a thread each.
void onAll(const Gpus &gpus, Report &report, void (*step)(const Subject &, Clock::time_point),
    Clock::time_point deadline)
{
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < gpus.size(); ++i) {
        threads.emplace_back([&, i] {
            gpus[i]->use();
            step(Subject{*gpus[i], report, int(i)}, deadline);
        });
    }
    for (auto &thread : threads)
        thread.join();
}

} // namespace

ExitCode runTest(const Options &options, Report &report)
{
    const auto begin = Clock::now();
    const auto after = [&](double share) {
        return begin
            + std::chrono::duration_cast<Clock::duration>(
                std::chrono::duration<double>(share * options.seconds));
    };
    Gpus gpus;
    if (const std::string why = findGpus(options, report, gpus); !why.empty())
        return noDevice(report, why);
    std::vector<std::string> uuids;
    for (const auto &gpu : gpus) {
        gpu->open();
        uuids.push_back(gpu->uuid);
    }
    describeGpus(gpus, report);
    Watch watch(report, uuids);
    // The host's bandwidth is shared and so is its attention: one device after the other.
    const double each = std::min(0.35 * options.seconds / double(gpus.size()), 15.0);
    for (std::size_t i = 0; i < gpus.size(); ++i) {
        Gpu &gpu = *gpus[i];
        const Subject subject{gpu, report, int(i)};
        const auto percent = int(40 * i / gpus.size());
        gpu.use();
        report.progress(percent, gpu.name + ' ' + gpu.uuid + ": memory and host bandwidth");
        testDeviceBandwidth(subject, each * 0.2);
        testHostBandwidth(subject, each * 0.3);
        report.progress(
            percent + int(20 / gpus.size()), gpu.name + ' ' + gpu.uuid + ": matrix products");
        testMatrixProducts(subject, each * 0.5);
    }
    if (gpus.size() > 1)
        report.progress(40, "Bandwidth between devices");
    testPeers(gpus, report, 0.1 * options.seconds);
    report.progress(50, "Memory patterns on all devices");
    onAll(gpus, report, &testMemory, after(0.7));
    report.progress(70, "Sustained load on all devices");
    watch.beginLoad();
    onAll(gpus, report, &testLoad, after(1));
    watch.finish();
    for (std::size_t i = 0; i < gpus.size(); ++i) {
        if (gpus[i]->failed())
            report.error(int(i), gpus[i]->trouble());
    }
    report.set("/seconds", std::chrono::duration<double>(Clock::now() - begin).count());
    report.set("/verdict", report.errors() ? "errors" : "ok");
    report.progress(100, "Done");
    return report.errors() ? ExitErrors : ExitOk;
}

} // namespace gputest
