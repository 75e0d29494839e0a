// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// GPU performance monitoring: how busy the units inside are, between two samples. Hopper and newer;
// needs no profiling rights.
#include "device.h"

#include <string.h>

static const struct {
    unsigned id;
    int metric;
} wanted[] = {
    {NVML_GPM_SM_UTIL, PH_SM_ACTIVE},
    {NVML_GPM_SM_OCCUPANCY, PH_SM_OCCUPANCY},
    {NVML_GPM_ANY_TENSOR_UTIL, PH_TENSOR_ACTIVE},
    {NVML_GPM_DRAM_BW_UTIL, PH_DRAM_ACTIVE},
};
enum { WANTED = sizeof wanted / sizeof *wanted };

static void all(struct ph_sample *sample, nvmlReturn_t result)
{
    for (unsigned i = 0; i < WANTED; ++i)
        put(sample, wanted[i].metric, result, 0);
}

static nvmlReturn_t prepare(struct device *device)
{
    nvmlGpmSupport_t support = {NVML_GPM_VERSION, 0};
    nvmlReturn_t result = CALL(gpmSupport, device->handle, &support);
    if (result == NVML_SUCCESS && !support.isSupportedDevice)
        result = NVML_ERROR_NOT_SUPPORTED;
    for (int i = 0; i < 2 && result == NVML_SUCCESS; ++i)
        result = CALL(gpmAlloc, &device->gpm[i]);
    return result;
}

void sampleGpm(struct device *device, struct ph_sample *sample)
{
    if (!device->gpm[1] && device->gpmResult == NVML_SUCCESS)
        device->gpmResult = prepare(device);
    if (device->gpmResult != NVML_SUCCESS) {
        all(sample, device->gpmResult);
        return;
    }
    nvmlGpmSample_t before = device->gpm[1];
    device->gpm[1] = device->gpm[0];
    device->gpm[0] = before;
    const nvmlReturn_t taken = CALL(gpmSample, device->handle, device->gpm[1]);
    if (taken != NVML_SUCCESS) {
        device->gpmSamples = 0;
        if (taken == NVML_ERROR_NOT_SUPPORTED)
            device->gpmResult = taken;
        all(sample, taken);
        return;
    }
    if (++device->gpmSamples < 2) {
        all(sample, PH_NOT_YET);
        return;
    }
    nvmlGpmMetricsGet_t get;
    memset(&get, 0, sizeof get);
    get.version = NVML_GPM_VERSION;
    get.numMetrics = WANTED;
    get.sample1 = device->gpm[0];
    get.sample2 = device->gpm[1];
    for (unsigned i = 0; i < WANTED; ++i)
        get.metrics[i].metricId = wanted[i].id;
    const nvmlReturn_t result = CALL(gpmMetrics, &get);
    for (unsigned i = 0; i < WANTED; ++i) {
        const nvmlGpmMetric_t *one = &get.metrics[i];
        const double value = one->value >= 0 && one->value <= 1e6 ? one->value : 0;
        put(sample, wanted[i].metric, result != NVML_SUCCESS ? result : one->nvmlReturn,
            (unsigned long long)(value * 10 + 0.5));
    }
}
