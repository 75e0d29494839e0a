// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// XID events of the scenario, each told once to each event set.
#include "fake.h"

#include <stdlib.h>
#include <string.h>

struct eventSet {
    int watched[MOST_GPUS];
    int told[MOST_GPUS]; // how many of the device's XIDs
};
struct eventData {
    nvmlDevice_t device;
    unsigned long long type, data;
    unsigned gpuInstance, computeInstance;
};
enum { XID = 8 };

API nvmlReturn_t nvmlEventSetCreate(struct eventSet **set)
{
    *set = calloc(1, sizeof **set);
    return OK;
}
API nvmlReturn_t nvmlEventSetFree(struct eventSet *set)
{
    free(set);
    return OK;
}
API nvmlReturn_t nvmlDeviceGetSupportedEventTypes(nvmlDevice_t device, unsigned long long *types)
{
    (void)device;
    *types = XID;
    return OK;
}
API nvmlReturn_t nvmlDeviceRegisterEvents(
    nvmlDevice_t device, unsigned long long types, struct eventSet *set)
{
    if ((types & ~(unsigned long long)XID) != 0)
        return INVALID_ARGUMENT;
    const nvmlReturn_t result = enter(device, -1);
    if (result != OK)
        return result;
    set->watched[device->index] = 1;
    leave();
    return OK;
}

static int next(struct eventSet *set, struct eventData *out)
{
    memset(out, 0, sizeof *out);
    for (int i = 0; i < MOST_GPUS; ++i) {
        if (!set->watched[i] || enter(&handles[i], -1) != OK)
            continue;
        const struct gpu *gpu = gpuOf(&handles[i]);
        const int which = set->told[i];
        const int due = which < gpu->xidCount && second() >= gpu->xids[which].at;
        if (due) {
            ++set->told[i];
            out->device = &handles[i];
            out->type = XID;
            out->data = gpu->xids[which].code;
            out->gpuInstance = out->computeInstance = ~0u;
        }
        leave();
        if (due)
            return 1;
    }
    return 0;
}

API nvmlReturn_t nvmlEventSetWait_v2(struct eventSet *set, struct eventData *out, unsigned timeout)
{
    for (unsigned waited = 0;; waited += 10) {
        if (next(set, out))
            return OK;
        if (waited >= timeout)
            return TIMEOUT;
        pauseShortly();
    }
}
API nvmlReturn_t nvmlEventSetWait(struct eventSet *set, struct eventData *out, unsigned timeout)
{
    return nvmlEventSetWait_v2(set, out, timeout);
}
