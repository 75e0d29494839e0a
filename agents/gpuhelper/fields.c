// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// What the driver gives by number, many in one call: health of the memory, links, memory's
// temperature.
#include "device.h"

#include <string.h>

static const struct field {
    unsigned id, scope;
    int metric;
    int factor;
} fields[] = {
    {NVML_FI_REMAPPED_CORRECTABLE, 0, PH_REMAPPED, 1},
    {NVML_FI_REMAPPED_UNCORRECTABLE, 0, PH_REMAPPED_UNCORRECTABLE, 1},
    {NVML_FI_REMAP_PENDING, 0, PH_REMAP_PENDING, 1},
    {NVML_FI_REMAP_FAILED, 0, PH_REMAP_FAILED, 1},
    {NVML_FI_MEMORY_TEMPERATURE, 0, PH_MEMORY_TEMPERATURE, 1},
    {NVML_FI_NVLINK_DATA_TX, ~0u, PH_NVLINK_TX, 1024},
    {NVML_FI_NVLINK_DATA_RX, ~0u, PH_NVLINK_RX, 1024},
    {NVML_FI_NVLINK_CRC_FLIT_ERRORS, 0, PH_NVLINK_ERRORS, 1},
    {NVML_FI_NVLINK_CRC_DATA_ERRORS, 0, PH_NVLINK_ERRORS, 1},
    {NVML_FI_NVLINK_REPLAYS, 0, PH_NVLINK_ERRORS, 1},
    {NVML_FI_NVLINK_RECOVERIES, 0, PH_NVLINK_ERRORS, 1},
    {NVML_FI_PCIE_TX_BYTES, 0, PH_PCIE_TX, 1},
    {NVML_FI_PCIE_RX_BYTES, 0, PH_PCIE_RX, 1},
};
enum { FIELDS = sizeof fields / sizeof *fields };

static unsigned long long number(const nvmlFieldValue_t *value)
{
    switch (value->valueType) {
    case 0:
        return value->value.d > 0 ? (unsigned long long)value->value.d : 0;
    case 1:
        return value->value.u;
    case 5:
        return value->value.i > 0 ? (unsigned long long)value->value.i : 0;
    default:
        return value->value.ull;
    }
}

static void refuse(struct ph_sample *sample, nvmlReturn_t result)
{
    for (unsigned i = 0; i < FIELDS; ++i)
        put(sample, fields[i].metric, result, 0);
}

static int isForGood(nvmlReturn_t result)
{
    return result == NVML_ERROR_NOT_SUPPORTED || result == NVML_ERROR_FUNCTION_NOT_FOUND
        || result == NVML_ERROR_INVALID_ARGUMENT; // numbers that this driver does not know yet
}

void sampleFields(struct device *device, struct ph_sample *sample)
{
    nvmlFieldValue_t values[FIELDS];
    unsigned asked[FIELDS], count = 0;
    memset(values, 0, sizeof values);
    for (unsigned i = 0; i < FIELDS; ++i) {
        const int refused = device->unsupported[fields[i].metric];
        if (refused && !(fields[i].metric == PH_PCIE_TX || fields[i].metric == PH_PCIE_RX)) {
            put(sample, fields[i].metric, refused, 0);
            continue;
        }
        if (refused)
            continue; // estimated
        values[count].fieldId = fields[i].id;
        values[count].scopeId = fields[i].scope;
        asked[count++] = i;
    }
    if (count == 0)
        return;
    const nvmlReturn_t all = CALL(fieldValues, device->handle, (int)count, values);
    if (all != NVML_SUCCESS) {
        refuse(sample, all);
        for (unsigned i = 0; i < FIELDS && isForGood(all); ++i)
            device->unsupported[fields[i].metric] = all;
        return;
    }
    int first[PH_METRICS] = {0};
    for (unsigned i = 0; i < count; ++i) {
        const struct field *field = &fields[asked[i]];
        const nvmlReturn_t result = values[i].nvmlReturn;
        const unsigned long long value = number(&values[i]) * (unsigned)field->factor;
        if (!first[field->metric]) {
            first[field->metric] = 1;
            put(sample, field->metric, result, value);
        } else if (result == NVML_SUCCESS) { // a sum; a part that is refused adds nothing
            put(sample, field->metric, result,
                (unsigned long long)sample->value[field->metric] + value);
        }
    }
    for (unsigned i = 0; i < count; ++i) {
        const int metric = fields[asked[i]].metric;
        if (isForGood(sample->result[metric]))
            device->unsupported[metric] = NVML_ERROR_NOT_SUPPORTED;
    }
    if (sample->result[PH_REMAPPED] == NVML_SUCCESS
        && sample->result[PH_REMAPPED_UNCORRECTABLE] == NVML_SUCCESS)
        sample->value[PH_REMAPPED] += sample->value[PH_REMAPPED_UNCORRECTABLE];
}
