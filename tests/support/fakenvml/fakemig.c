// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// MIG partitions and GPU performance monitoring.
#include "fake.h"

#include <stdlib.h>
#include <string.h>

API nvmlReturn_t nvmlDeviceGetMigMode(nvmlDevice_t device, unsigned *current, unsigned *pending)
{
    const nvmlReturn_t result = enter(device, -1);
    if (result != OK)
        return result;
    *current = *pending = gpuOf(device)->instanceCount > 0;
    leave();
    return OK;
}
API nvmlReturn_t nvmlDeviceGetMaxMigDeviceCount(nvmlDevice_t device, unsigned *count)
{
    (void)device;
    *count = MOST_INSTANCES;
    return OK;
}
API nvmlReturn_t nvmlDeviceGetMigDeviceHandleByIndex(
    nvmlDevice_t device, unsigned index, nvmlDevice_t *out)
{
    const nvmlReturn_t result = enter(device, -1);
    if (result != OK)
        return result;
    const int there = index < (unsigned)gpuOf(device)->instanceCount;
    leave();
    if (!there)
        return NOT_FOUND;
    *out = &partitions[device->index][index];
    return OK;
}
API nvmlReturn_t nvmlDeviceIsMigDeviceHandle(nvmlDevice_t device, unsigned *isMig)
{
    *isMig = instanceOf(device) != NULL;
    return OK;
}
API nvmlReturn_t nvmlDeviceGetDeviceHandleFromMigDeviceHandle(nvmlDevice_t mig, nvmlDevice_t *out)
{
    *out = &handles[mig->index];
    return OK;
}
API nvmlReturn_t nvmlDeviceGetGpuInstanceId(nvmlDevice_t mig, unsigned *id)
{
    if (mig->instance < 0)
        return INVALID_ARGUMENT;
    *id = (unsigned)mig->instance + 7; // as the driver numbers 1g partitions
    return OK;
}
API nvmlReturn_t nvmlDeviceGetComputeInstanceId(nvmlDevice_t mig, unsigned *id)
{
    if (mig->instance < 0)
        return INVALID_ARGUMENT;
    *id = 0;
    return OK;
}

// ---- GPM ----

struct gpmSupport {
    unsigned version, isSupported;
};
struct gpmSample {
    double at; // second
};
struct gpmMetric {
    unsigned id;
    nvmlReturn_t result;
    double value;
    const char *texts[3];
};
struct gpmMetrics {
    unsigned version, count;
    struct gpmSample *first, *second;
    struct gpmMetric metrics[];
};

API nvmlReturn_t nvmlGpmQueryDeviceSupport(nvmlDevice_t device, struct gpmSupport *support)
{
    const nvmlReturn_t result = enter(device, SM_ACTIVE);
    if (result == OK)
        leave();
    support->isSupported = result == OK;
    return result == NOT_SUPPORTED ? OK : result;
}
API nvmlReturn_t nvmlGpmSampleAlloc(struct gpmSample **sample)
{
    *sample = calloc(1, sizeof **sample);
    return OK;
}
API nvmlReturn_t nvmlGpmSampleFree(struct gpmSample *sample)
{
    free(sample);
    return OK;
}
API nvmlReturn_t nvmlGpmSampleGet(nvmlDevice_t device, struct gpmSample *sample)
{
    const nvmlReturn_t result = enter(device, SM_ACTIVE);
    if (result != OK)
        return result;
    sample->at = second();
    sample->at += device->index * 1e9; // remembers whose it is
    leave();
    return OK;
}

static int valueOf(unsigned id)
{
    switch (id) {
    case 2:
        return SM_ACTIVE;
    case 3:
        return SM_OCCUPANCY;
    case 5:
        return TENSOR_ACTIVE;
    case 10:
        return DRAM_ACTIVE;
    default:
        return -1;
    }
}

API nvmlReturn_t nvmlGpmMetricsGet(struct gpmMetrics *get)
{
    if (get->version != 1)
        return ARGUMENT_VERSION_MISMATCH;
    if (!get->first || !get->second || get->first->at >= get->second->at)
        return INVALID_ARGUMENT;
    const int index = (int)(get->second->at / 1e9);
    const nvmlReturn_t result = enter(&handles[index], SM_ACTIVE);
    if (result != OK)
        return result;
    for (unsigned i = 0; i < get->count; ++i) {
        const int value = valueOf(get->metrics[i].id);
        get->metrics[i].result = value < 0 ? NOT_SUPPORTED : OK;
        get->metrics[i].value
            = value < 0 ? 0 : valueAt(&gpuOf(&handles[index])->values[value], second());
    }
    leave();
    return OK;
}
