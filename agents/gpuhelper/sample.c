// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "device.h"

#include <string.h>

void put(struct ph_sample *sample, int metric, nvmlReturn_t result, unsigned long long value)
{
    sample->result[metric] = result;
    sample->value[metric] = result == NVML_SUCCESS ? (int64_t)value : 0;
}

static void sampleMemory(struct device *device, struct ph_sample *sample)
{
    nvmlMemory_v2_t memory = {NVML_MEMORY_V2, 0, 0, 0, 0};
    nvmlReturn_t result = NVML_ERROR_FUNCTION_NOT_FOUND;
    if (nvml.memory2)
        result = nvml.memory2(device->handle, &memory);
    if (result != NVML_SUCCESS && result != NVML_ERROR_GPU_IS_LOST && nvml.memory) {
        nvmlMemory_t old = {0, 0, 0};
        result = nvml.memory(device->handle, &old);
        memory.total = old.total;
        memory.used = old.used;
    }
    put(sample, PH_MEMORY_USED, result, memory.used);
    put(sample, PH_MEMORY_TOTAL, result, memory.total);
}

void sampleOne(struct device *device, int metric, struct ph_sample *sample)
{
    unsigned value = 0, period = 0;
    unsigned long long wide = 0;
    nvmlUtilization_t utilization = {0, 0};
    nvmlReturn_t result = NVML_SUCCESS;
    switch (metric) {
    case PH_BUSY:
        result = CALL(utilization, device->handle, &utilization);
        put(sample, PH_MEMORY_BUSY, result, utilization.memory);
        value = utilization.gpu;
        break;
    case PH_MEMORY_USED:
        sampleMemory(device, sample);
        return;
    case PH_POWER:
        result = CALL(power, device->handle, &value);
        break;
    case PH_POWER_LIMIT:
        result = CALL(powerLimit, device->handle, &value);
        break;
    case PH_TEMPERATURE:
        result = CALL(temperature, device->handle, NVML_TEMPERATURE_GPU, &value);
        break;
    case PH_SM_CLOCK:
        result = CALL(clock, device->handle, NVML_CLOCK_SM, &value);
        break;
    case PH_MEMORY_CLOCK:
        result = CALL(clock, device->handle, NVML_CLOCK_MEM, &value);
        break;
    case PH_THROTTLE:
        result = CALL(throttle, device->handle, &wide);
        put(sample, metric, result, wide);
        return;
    case PH_ECC_CORRECTED:
    case PH_ECC_UNCORRECTED:
        result = CALL(eccErrors, device->handle,
            metric == PH_ECC_CORRECTED ? NVML_ECC_CORRECTED : NVML_ECC_UNCORRECTED,
            NVML_ECC_VOLATILE, &wide);
        put(sample, metric, result, wide);
        return;
    case PH_ENERGY:
        result = CALL(energy, device->handle, &wide);
        put(sample, metric, result, wide);
        return;
    case PH_PCIE_REPLAYS:
        result = CALL(pcieReplays, device->handle, &value);
        break;
    case PH_PCIE_GENERATION:
        result = CALL(pcieGeneration, device->handle, &value);
        break;
    case PH_PCIE_WIDTH:
        result = CALL(pcieWidth, device->handle, &value);
        break;
    case PH_ENCODER:
        result = CALL(encoder, device->handle, &value, &period);
        break;
    case PH_DECODER:
        result = CALL(decoder, device->handle, &value, &period);
        break;
    case PH_FAN:
        result = CALL(fan, device->handle, &value);
        break;
    case PH_PCIE_TX:
        samplePcie(device, sample);
        return;
    case PH_REMAPPED:
        sampleFields(device, sample);
        return;
    case PH_SM_ACTIVE:
        sampleGpm(device, sample);
        return;
    case PH_XID_ERRORS:
        put(sample, PH_XID_ERRORS, device->xidResult, device->xidCount);
        put(sample, PH_XID_LAST, device->xidResult, device->xidLast);
        return;
    default: // comes with another one
        return;
    }
    put(sample, metric, result, value);
}

// The first of each group asks for the others; those stay refused when it is.
static const int firstOf[PH_METRICS] = {
    [PH_MEMORY_BUSY] = PH_BUSY,
    [PH_MEMORY_TOTAL] = PH_MEMORY_USED,
    [PH_REMAPPED_UNCORRECTABLE] = PH_REMAPPED,
    [PH_REMAP_PENDING] = PH_REMAPPED,
    [PH_REMAP_FAILED] = PH_REMAPPED,
    [PH_PCIE_RX] = PH_PCIE_TX,
    [PH_MEMORY_TEMPERATURE] = PH_REMAPPED,
    [PH_NVLINK_TX] = PH_REMAPPED,
    [PH_NVLINK_RX] = PH_REMAPPED,
    [PH_NVLINK_ERRORS] = PH_REMAPPED,
    [PH_SM_OCCUPANCY] = PH_SM_ACTIVE,
    [PH_TENSOR_ACTIVE] = PH_SM_ACTIVE,
    [PH_DRAM_ACTIVE] = PH_SM_ACTIVE,
    [PH_XID_LAST] = PH_XID_ERRORS,
};

static int isGroup(int metric)
{
    return metric == PH_REMAPPED || metric == PH_SM_ACTIVE || metric == PH_PCIE_TX
        || metric == PH_XID_ERRORS;
}

void sampleAll(struct device *device, uint32_t request)
{
    struct ph_sample sample;
    memset(&sample, 0, sizeof sample);
    sampleInstances(device, request, &sample);
    for (int metric = 0; metric < PH_MIG; ++metric) {
        if (firstOf[metric] != 0 || metric == PH_MEMORY_BUSY)
            continue;
        if (device->unsupported[metric] && !isGroup(metric))
            put(&sample, metric, device->unsupported[metric], 0);
        else
            sampleOne(device, metric, &sample);
        const int result = sample.result[metric];
        if (result == NVML_ERROR_NOT_SUPPORTED || result == NVML_ERROR_FUNCTION_NOT_FOUND)
            device->unsupported[metric] = result;
    }
    // A refused call says nothing about what would have come with it.
    if (sample.result[PH_BUSY] != NVML_SUCCESS)
        put(&sample, PH_MEMORY_BUSY, sample.result[PH_BUSY], 0);
    if (sample.result[PH_MEMORY_USED] != NVML_SUCCESS)
        put(&sample, PH_MEMORY_TOTAL, sample.result[PH_MEMORY_USED], 0);
    answer(PH_SAMPLE, device->index, request, &sample, sizeof sample);
    measurePcie(device);
}

void sampleFast(struct device *device, uint32_t request)
{
    static const int wanted[] = {PH_BUSY, PH_MEMORY_USED, PH_POWER, PH_TEMPERATURE, PH_SM_CLOCK};
    struct ph_sample sample;
    memset(&sample, 0, sizeof sample);
    for (int metric = 0; metric < PH_METRICS; ++metric)
        put(&sample, metric, (nvmlReturn_t)PH_NOT_YET, 0);
    for (unsigned i = 0; i < sizeof wanted / sizeof *wanted; ++i) {
        if (!device->unsupported[wanted[i]])
            sampleOne(device, wanted[i], &sample);
    }
    answer(PH_FAST, device->index, request, &sample, sizeof sample);
}
