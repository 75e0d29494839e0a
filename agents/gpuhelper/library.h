// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// The calls of NVIDIA's library, NULL where this driver has none.
#pragma once

#include "nvml.h"

#include <stddef.h>

struct library {
    nvmlReturn_t (*init)(void);
    const char *(*errorString)(nvmlReturn_t);
    nvmlReturn_t (*driverVersion)(char *, unsigned);
    nvmlReturn_t (*count)(unsigned *);
    nvmlReturn_t (*handle)(unsigned, nvmlDevice_t *);
    nvmlReturn_t (*uuid)(nvmlDevice_t, char *, unsigned);
    nvmlReturn_t (*name)(nvmlDevice_t, char *, unsigned);
    nvmlReturn_t (*pciInfo)(nvmlDevice_t, nvmlPciInfo_t *);
    nvmlReturn_t (*utilization)(nvmlDevice_t, nvmlUtilization_t *);
    nvmlReturn_t (*memory)(nvmlDevice_t, nvmlMemory_t *);
    nvmlReturn_t (*memory2)(nvmlDevice_t, nvmlMemory_v2_t *);
    nvmlReturn_t (*power)(nvmlDevice_t, unsigned *);
    nvmlReturn_t (*powerLimit)(nvmlDevice_t, unsigned *);
    nvmlReturn_t (*temperature)(nvmlDevice_t, int, unsigned *);
    nvmlReturn_t (*clock)(nvmlDevice_t, int, unsigned *);
    nvmlReturn_t (*processes[2])(nvmlDevice_t, unsigned *, void *); // compute, graphics
    size_t processSize[2];
    nvmlReturn_t (*throttle)(nvmlDevice_t, unsigned long long *);
    nvmlReturn_t (*eccErrors)(nvmlDevice_t, int, int, unsigned long long *);
    nvmlReturn_t (*pcieThroughput)(nvmlDevice_t, int, unsigned *);
    nvmlReturn_t (*pcieReplays)(nvmlDevice_t, unsigned *);
    nvmlReturn_t (*pcieGeneration)(nvmlDevice_t, unsigned *);
    nvmlReturn_t (*pcieWidth)(nvmlDevice_t, unsigned *);
    nvmlReturn_t (*energy)(nvmlDevice_t, unsigned long long *);
    nvmlReturn_t (*encoder)(nvmlDevice_t, unsigned *, unsigned *);
    nvmlReturn_t (*decoder)(nvmlDevice_t, unsigned *, unsigned *);
    nvmlReturn_t (*fan)(nvmlDevice_t, unsigned *);
    nvmlReturn_t (*fieldValues)(nvmlDevice_t, int, nvmlFieldValue_t *);
    nvmlReturn_t (*processUtilization)(
        nvmlDevice_t, nvmlProcessUtilizationSample_t *, unsigned *, unsigned long long);
    nvmlReturn_t (*eventSetCreate)(nvmlEventSet_t *);
    nvmlReturn_t (*registerEvents)(nvmlDevice_t, unsigned long long, nvmlEventSet_t);
    nvmlReturn_t (*eventSetWait)(nvmlEventSet_t, nvmlEventData_t *, unsigned);
    nvmlReturn_t (*migMode)(nvmlDevice_t, unsigned *, unsigned *);
    nvmlReturn_t (*migDevice)(nvmlDevice_t, unsigned, nvmlDevice_t *);
    nvmlReturn_t (*gpuInstance)(nvmlDevice_t, unsigned *);
    nvmlReturn_t (*computeInstance)(nvmlDevice_t, unsigned *);
    nvmlReturn_t (*gpmSupport)(nvmlDevice_t, nvmlGpmSupport_t *);
    nvmlReturn_t (*gpmAlloc)(nvmlGpmSample_t *);
    nvmlReturn_t (*gpmSample)(nvmlDevice_t, nvmlGpmSample_t);
    nvmlReturn_t (*gpmMetrics)(nvmlGpmMetricsGet_t *);
};
extern struct library nvml;

/// Looks for the library where drivers put it; NULL when there is none.
void *openLibrary(void);
void bindLibrary(void *library);
void describeError(char *out, size_t size, const char *call, nvmlReturn_t result);

/// A call of a device, or FUNCTION_NOT_FOUND.
#define CALL(function, ...)                                                                        \
    (nvml.function ? nvml.function(__VA_ARGS__) : NVML_ERROR_FUNCTION_NOT_FOUND)
