// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// MIG: the partitions of a device, each with a UUID and memory of its own.
#include "device.h"

#include <string.h>

static void sampleMemory(nvmlDevice_t handle, struct ph_instance *instance)
{
    nvmlMemory_t memory = {0, 0, 0};
    instance->result = CALL(memory, handle, &memory);
    instance->memory_total = memory.total;
    instance->memory_used = memory.used;
}

void sampleInstances(struct device *device, uint32_t request, struct ph_sample *sample)
{
    unsigned current = 0, pending = 0;
    const nvmlReturn_t result = CALL(migMode, device->handle, &current, &pending);
    put(sample, PH_MIG, result, current);
    if (result != NVML_SUCCESS)
        return;
    if (current != device->mig) // other calls work now, others do not
        memset(device->unsupported, 0, sizeof device->unsupported);
    if (!current && !device->mig)
        return;
    device->mig = current;
    struct ph_instance list[PH_MAX_INSTANCES];
    memset(list, 0, sizeof list);
    unsigned count = 0;
    for (unsigned i = 0; current && i < PH_MAX_INSTANCES; ++i) {
        nvmlDevice_t handle = NULL;
        if (CALL(migDevice, device->handle, i, &handle) != NVML_SUCCESS)
            continue; // places are taken in any order
        struct ph_instance *one = &list[count];
        if (CALL(uuid, handle, one->uuid, sizeof one->uuid) != NVML_SUCCESS)
            continue;
        if (CALL(name, handle, one->name, sizeof one->name) != NVML_SUCCESS)
            one->name[0] = '\0';
        one->gpu_instance = one->compute_instance = PH_UNKNOWN;
        CALL(gpuInstance, handle, &one->gpu_instance);
        CALL(computeInstance, handle, &one->compute_instance);
        sampleMemory(handle, one);
        ++count;
    }
    answer(PH_INSTANCES, device->index, request, list, count * sizeof *list);
}
