// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "device.h"

#include <string.h>

static struct ph_process *find(struct ph_process *list, unsigned count, unsigned pid)
{
    for (unsigned i = 0; i < count; ++i) {
        if (list[i].pid == pid)
            return &list[i];
    }
    return NULL;
}

static void addProcess(struct ph_process *list, unsigned *count, const nvmlProcessInfo_t *found)
{
    // It computes and draws: both lists say the same memory.
    if (find(list, *count, found->pid) || *count == PH_MAX_PROCESSES)
        return;
    struct ph_process *one = &list[(*count)++];
    memset(one, 0, sizeof *one);
    one->pid = found->pid;
    one->known = found->usedGpuMemory != NVML_VALUE_NOT_AVAILABLE;
    one->bytes = one->known ? found->usedGpuMemory : 0;
    one->busy = PH_UNKNOWN;
    one->gpu_instance = found->gpuInstanceId;
    one->compute_instance = found->computeInstanceId;
}

// The driver keeps samples of each process; those since the last time are averaged.
static void addUtilization(struct device *device, struct ph_process *list, unsigned count)
{
    enum { MOST = 1024 };
    nvmlProcessUtilizationSample_t samples[MOST];
    unsigned size = MOST;
    const nvmlReturn_t result
        = CALL(processUtilization, device->handle, samples, &size, device->utilizationSeen);
    if (result != NVML_SUCCESS && result != NVML_ERROR_NOT_FOUND)
        return;
    for (unsigned i = 0; i < count; ++i)
        list[i].busy = 0; // the driver would have said it
    unsigned long long newest = device->utilizationSeen;
    unsigned long long sums[PH_MAX_PROCESSES] = {0};
    unsigned numbers[PH_MAX_PROCESSES] = {0};
    for (unsigned i = 0; result == NVML_SUCCESS && i < size && i < MOST; ++i) {
        const struct ph_process *one = find(list, count, samples[i].pid);
        if (samples[i].timeStamp > newest)
            newest = samples[i].timeStamp;
        if (!one || samples[i].timeStamp <= device->utilizationSeen)
            continue;
        sums[one - list] += samples[i].smUtil;
        ++numbers[one - list];
    }
    for (unsigned i = 0; i < count; ++i) {
        if (numbers[i] > 0)
            list[i].busy = (uint32_t)(sums[i] / numbers[i]);
    }
    device->utilizationSeen = newest;
}

void listProcesses(struct device *device, uint32_t request)
{
    struct ph_process list[PH_MAX_PROCESSES];
    nvmlProcessInfo_t found[PH_MAX_PROCESSES];
    unsigned count = 0;
    for (int kind = 0; kind < 2; ++kind) {
        unsigned size = PH_MAX_PROCESSES;
        if (!nvml.processes[kind]
            || nvml.processes[kind](device->handle, &size, found) != NVML_SUCCESS)
            continue;
        for (unsigned i = 0; i < size && i < PH_MAX_PROCESSES; ++i) {
            // The older struct is the beginning of the newer one.
            nvmlProcessInfo_t one = {0, 0, PH_UNKNOWN, PH_UNKNOWN};
            memcpy(&one, (const char *)found + i * nvml.processSize[kind], nvml.processSize[kind]);
            addProcess(list, &count, &one);
        }
    }
    addUtilization(device, list, count);
    answer(PH_PROCESSES, device->index, request, list, count * sizeof *list);
}
