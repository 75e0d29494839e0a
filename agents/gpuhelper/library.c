// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "library.h"

#include <dlfcn.h>
#include <stdio.h>

struct library nvml;

static void *symbol(void *library, const char *first, const char *second)
{
    void *found = dlsym(library, first);
    return found || !second ? found : dlsym(library, second);
}

void *openLibrary(void)
{
    // The second ones are where drivers of containers, Debian and WSL hide it.
    static const char *const names[]
        = {"libnvidia-ml.so.1", "/usr/lib/x86_64-linux-gnu/nvidia/current/libnvidia-ml.so.1",
            "/usr/lib64/libnvidia-ml.so.1", "/usr/lib/wsl/lib/libnvidia-ml.so.1",
            "/run/nvidia/driver/usr/lib64/libnvidia-ml.so.1",
            "/run/nvidia/driver/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1"};
    for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
        void *library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
        if (library)
            return library;
    }
    return NULL;
}

#define BIND(call, first, second) *(void **)&nvml.call = symbol(library, first, second)

void bindLibrary(void *library)
{
    BIND(init, "nvmlInit_v2", "nvmlInit");
    BIND(errorString, "nvmlErrorString", NULL);
    BIND(driverVersion, "nvmlSystemGetDriverVersion", NULL);
    BIND(count, "nvmlDeviceGetCount_v2", "nvmlDeviceGetCount");
    BIND(handle, "nvmlDeviceGetHandleByIndex_v2", "nvmlDeviceGetHandleByIndex");
    BIND(uuid, "nvmlDeviceGetUUID", NULL);
    BIND(name, "nvmlDeviceGetName", NULL);
    BIND(pciInfo, "nvmlDeviceGetPciInfo_v3", NULL);
    BIND(utilization, "nvmlDeviceGetUtilizationRates", NULL);
    BIND(memory, "nvmlDeviceGetMemoryInfo", NULL);
    BIND(memory2, "nvmlDeviceGetMemoryInfo_v2", NULL);
    BIND(power, "nvmlDeviceGetPowerUsage", NULL);
    BIND(powerLimit, "nvmlDeviceGetEnforcedPowerLimit", "nvmlDeviceGetPowerManagementLimit");
    BIND(temperature, "nvmlDeviceGetTemperature", NULL);
    BIND(clock, "nvmlDeviceGetClockInfo", NULL);
    BIND(throttle, "nvmlDeviceGetCurrentClocksThrottleReasons",
        "nvmlDeviceGetCurrentClocksEventReasons");
    BIND(eccErrors, "nvmlDeviceGetTotalEccErrors", NULL);
    BIND(pcieThroughput, "nvmlDeviceGetPcieThroughput", NULL);
    BIND(pcieReplays, "nvmlDeviceGetPcieReplayCounter", NULL);
    BIND(pcieGeneration, "nvmlDeviceGetCurrPcieLinkGeneration", NULL);
    BIND(pcieWidth, "nvmlDeviceGetCurrPcieLinkWidth", NULL);
    BIND(energy, "nvmlDeviceGetTotalEnergyConsumption", NULL);
    BIND(encoder, "nvmlDeviceGetEncoderUtilization", NULL);
    BIND(decoder, "nvmlDeviceGetDecoderUtilization", NULL);
    BIND(fan, "nvmlDeviceGetFanSpeed", NULL);
    BIND(fieldValues, "nvmlDeviceGetFieldValues", NULL);
    BIND(processUtilization, "nvmlDeviceGetProcessUtilization", NULL);
    BIND(eventSetCreate, "nvmlEventSetCreate", NULL);
    BIND(registerEvents, "nvmlDeviceRegisterEvents", NULL);
    BIND(eventSetWait, "nvmlEventSetWait_v2", "nvmlEventSetWait");
    BIND(migMode, "nvmlDeviceGetMigMode", NULL);
    BIND(migDevice, "nvmlDeviceGetMigDeviceHandleByIndex", NULL);
    BIND(gpuInstance, "nvmlDeviceGetGpuInstanceId", NULL);
    BIND(computeInstance, "nvmlDeviceGetComputeInstanceId", NULL);
    BIND(gpmSupport, "nvmlGpmQueryDeviceSupport", NULL);
    BIND(gpmAlloc, "nvmlGpmSampleAlloc", NULL);
    BIND(gpmSample, "nvmlGpmSampleGet", NULL);
    BIND(gpmMetrics, "nvmlGpmMetricsGet", NULL);
    static const char *const calls[2][3] = {
        {"nvmlDeviceGetComputeRunningProcesses_v3", "nvmlDeviceGetComputeRunningProcesses_v2",
            "nvmlDeviceGetComputeRunningProcesses"},
        {"nvmlDeviceGetGraphicsRunningProcesses_v3", "nvmlDeviceGetGraphicsRunningProcesses_v2",
            "nvmlDeviceGetGraphicsRunningProcesses"},
    };
    for (int kind = 0; kind < 2; ++kind) {
        *(void **)&nvml.processes[kind] = symbol(library, calls[kind][0], calls[kind][1]);
        nvml.processSize[kind] = sizeof(nvmlProcessInfo_t);
        if (nvml.processes[kind])
            continue;
        *(void **)&nvml.processes[kind] = symbol(library, calls[kind][2], NULL);
        nvml.processSize[kind] = sizeof(nvmlProcessInfo_v1_t);
    }
}

void describeError(char *out, size_t size, const char *call, nvmlReturn_t result)
{
    const char *text = nvml.errorString ? nvml.errorString(result) : NULL;
    snprintf(out, size, "%s: %s (%d)", call, text ? text : "error", result);
}
