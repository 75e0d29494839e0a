// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// Bytes over PCIe. Drivers from R545 on count them; before, the driver is asked for the rate, which
// it measures for 20 ms, and rate times time is added up.
#include "device.h"

#include <time.h>

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

void samplePcie(struct device *device, struct ph_sample *sample)
{
    if (!device->unsupported[PH_PCIE_TX])
        return; // comes with the fields
    put(sample, PH_PCIE_TX, device->pcieResult, device->pcieBytes[NVML_PCIE_TX]);
    put(sample, PH_PCIE_RX, device->pcieResult, device->pcieBytes[NVML_PCIE_RX]);
}

void measurePcie(struct device *device)
{
    if (!device->unsupported[PH_PCIE_TX] || device->pcieResult == NVML_ERROR_NOT_SUPPORTED
        || device->pcieResult == NVML_ERROR_FUNCTION_NOT_FOUND)
        return;
    const double now = seconds();
    const double since = device->pcieAskedAt > 0 ? now - device->pcieAskedAt : 0;
    device->pcieAskedAt = now;
    for (int way = NVML_PCIE_TX; way <= NVML_PCIE_RX; ++way) {
        unsigned kilobytes = 0; // per second
        device->pcieResult = CALL(pcieThroughput, device->handle, way, &kilobytes);
        if (device->pcieResult != NVML_SUCCESS)
            return;
        device->pcieBytes[way] += (uint64_t)(kilobytes * 1000.0 * since);
    }
}
