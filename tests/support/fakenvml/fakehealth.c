// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// Errors, links and energy.
#include "fake.h"

#include <string.h>

static nvmlReturn_t wide(nvmlDevice_t device, int value, double factor, unsigned long long *out)
{
    const nvmlReturn_t result = enter(device, value);
    if (result != OK)
        return result;
    *out = (unsigned long long)(valueNow(device, value) * factor + 0.5);
    leave();
    return OK;
}
static nvmlReturn_t narrow(nvmlDevice_t device, int value, double factor, unsigned *out)
{
    unsigned long long number = 0;
    const nvmlReturn_t result = wide(device, value, factor, &number);
    if (result == OK)
        *out = (unsigned)number;
    return result;
}

API nvmlReturn_t nvmlDeviceGetCurrentClocksThrottleReasons(
    nvmlDevice_t device, unsigned long long *mask)
{
    return wide(device, THROTTLE, 1, mask);
}
API nvmlReturn_t nvmlDeviceGetCurrentClocksEventReasons(
    nvmlDevice_t device, unsigned long long *mask)
{
    return wide(device, THROTTLE, 1, mask);
}
API nvmlReturn_t nvmlDeviceGetTotalEccErrors(
    nvmlDevice_t device, int error, int counter, unsigned long long *count)
{
    (void)counter;
    return wide(device, error == 0 ? ECC_CORRECTED : ECC_UNCORRECTED, 1, count);
}
API nvmlReturn_t nvmlDeviceGetRemappedRows(nvmlDevice_t device, unsigned *correctable,
    unsigned *uncorrectable, unsigned *pending, unsigned *failed)
{
    unsigned *const out[] = {correctable, uncorrectable, pending, failed};
    for (int i = 0; i < 4; ++i) {
        const nvmlReturn_t result = narrow(device, REMAPPED_CORRECTABLE + i, 1, out[i]);
        if (result != OK)
            return result;
    }
    return OK;
}
API nvmlReturn_t nvmlDeviceGetTotalEnergyConsumption(
    nvmlDevice_t device, unsigned long long *millijoules)
{
    return wide(device, ENERGY, 1000, millijoules);
}
API nvmlReturn_t nvmlDeviceGetPcieThroughput(
    nvmlDevice_t device, int direction, unsigned *kilobytes)
{
    return narrow(device, direction == 0 ? PCIE_TX : PCIE_RX, 1e-3, kilobytes);
}
API nvmlReturn_t nvmlDeviceGetPcieReplayCounter(nvmlDevice_t device, unsigned *count)
{
    return narrow(device, PCIE_REPLAYS, 1, count);
}
API nvmlReturn_t nvmlDeviceGetCurrPcieLinkGeneration(nvmlDevice_t device, unsigned *generation)
{
    return narrow(device, PCIE_GENERATION, 1, generation);
}
API nvmlReturn_t nvmlDeviceGetCurrPcieLinkWidth(nvmlDevice_t device, unsigned *width)
{
    return narrow(device, PCIE_WIDTH, 1, width);
}

struct fieldValue {
    unsigned id, scope;
    long long timestamp, latency;
    int type; // 1 unsigned, 3 unsigned long long
    nvmlReturn_t result;
    unsigned long long value;
};

static const struct {
    unsigned id;
    int value;
    double factor;
} fields[] = {
    {38, NVLINK_ERRORS, 1}, // CRC of flits; of the other three kinds there are none
    {82, MEMORY_TEMPERATURE, 1},
    {138, NVLINK_TX, 1.0 / 1024},
    {139, NVLINK_RX, 1.0 / 1024},
    {142, REMAPPED_CORRECTABLE, 1},
    {143, REMAPPED_UNCORRECTABLE, 1},
    {144, REMAP_PENDING, 1},
    {145, REMAP_FAILED, 1},
    {197, PCIE_TX, 1},
    {198, PCIE_RX, 1},
};

static void fill(nvmlDevice_t device, struct fieldValue *field)
{
    field->result = INVALID_ARGUMENT;
    field->type = 3;
    field->value = 0;
    if (field->id == 45 || field->id == 52 || field->id == 59) {
        field->result = wide(device, NVLINK_ERRORS, 0, &field->value);
        return;
    }
    for (size_t i = 0; i < sizeof fields / sizeof *fields; ++i) {
        if (fields[i].id == field->id)
            field->result = wide(device, fields[i].value, fields[i].factor, &field->value);
    }
    if (field->id >= 197 && driverMajor() < 545) // drivers before that do not know these
        field->result = INVALID_ARGUMENT;
}

API nvmlReturn_t nvmlDeviceGetFieldValues(nvmlDevice_t device, int count, struct fieldValue *values)
{
    if (count < 1)
        return INVALID_ARGUMENT;
    const nvmlReturn_t result = enter(device, -1);
    if (result != OK)
        return result;
    leave();
    for (int i = 0; i < count; ++i)
        fill(device, &values[i]);
    return OK;
}
