// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// Who uses a device.
#include "fake.h"

#include <stddef.h>
#include <time.h>

struct process {
    unsigned pid;
    unsigned long long bytes;
    unsigned gpuInstance, computeInstance;
};

static nvmlReturn_t listProcesses(
    nvmlDevice_t device, int graphics, unsigned *count, struct process *out)
{
    const nvmlReturn_t result = enter(device, PROCESSES);
    if (result != OK)
        return result;
    const struct gpu *gpu = gpuOf(device);
    unsigned found = 0;
    for (int i = 0; i < gpu->processCount; ++i) {
        if (gpu->processes[i].graphics != graphics)
            continue;
        if (out && found < *count) {
            const double bytes = gpu->processes[i].bytes;
            const int place = gpu->processes[i].instance;
            const struct process one
                = {gpu->processes[i].pid, bytes < 0 ? ~0ull : (unsigned long long)bytes,
                    place < 0 ? ~0u : (unsigned)place + 7, place < 0 ? ~0u : 0};
            out[found] = one;
        }
        ++found;
    }
    leave();
    const int fits = found <= *count;
    *count = found;
    return fits ? OK : INSUFFICIENT_SIZE;
}

API nvmlReturn_t nvmlDeviceGetComputeRunningProcesses_v3(
    nvmlDevice_t device, unsigned *count, struct process *out)
{
    return listProcesses(device, 0, count, out);
}
API nvmlReturn_t nvmlDeviceGetGraphicsRunningProcesses_v3(
    nvmlDevice_t device, unsigned *count, struct process *out)
{
    return listProcesses(device, 1, count, out);
}

struct utilization {
    unsigned pid;
    unsigned long long at; // microseconds
    unsigned sm, memory, encoder, decoder;
};

static unsigned long long microseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (unsigned long long)now.tv_sec * 1000000 + (unsigned long long)now.tv_nsec / 1000;
}

// The driver samples some times a second; here the newest two are enough.
API nvmlReturn_t nvmlDeviceGetProcessUtilization(
    nvmlDevice_t device, struct utilization *out, unsigned *count, unsigned long long since)
{
    const nvmlReturn_t result = enter(device, PROCESSES);
    if (result != OK)
        return result;
    const struct gpu *gpu = gpuOf(device);
    const unsigned long long now = microseconds();
    unsigned found = 0, offered = 0;
    for (int i = 0; i < gpu->processCount; ++i)
        offered += gpu->processes[i].busy >= 0;
    for (int i = 0; i < gpu->processCount; ++i) {
        if (gpu->processes[i].busy < 0)
            continue;
        for (unsigned back = 2; back > 0; --back) {
            const unsigned long long at = now - (back - 1) * 166000;
            if (at <= since || !out || found == *count)
                continue;
            const struct utilization one
                = {gpu->processes[i].pid, at, (unsigned)gpu->processes[i].busy, 1, 0, 0};
            out[found++] = one;
        }
    }
    const int partitioned = gpu->instanceCount > 0;
    leave();
    if (partitioned || offered == 0)
        return partitioned ? NOT_SUPPORTED : NOT_FOUND;
    if (!out || found == 0) {
        *count = out ? 0 : offered * 2;
        return out ? NOT_FOUND : INSUFFICIENT_SIZE;
    }
    *count = found;
    return OK;
}
