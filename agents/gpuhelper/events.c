// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// XIDs: the driver's own error reports. A thread per device sleeps in the driver until
// there is one: a device that hangs takes no other's along.
#include "device.h"

#include <string.h>
#include <time.h>

void *watchEvents(void *argument)
{
    struct device *device = argument;
    nvmlEventSet_t set = NULL;
    nvmlReturn_t result = CALL(eventSetCreate, &set);
    if (result == NVML_SUCCESS && !nvml.eventSetWait)
        result = NVML_ERROR_FUNCTION_NOT_FOUND;
    if (result == NVML_SUCCESS)
        result = CALL(registerEvents, device->handle, NVML_EVENT_XID, set);
    device->xidResult = result;
    while (device->xidResult == NVML_SUCCESS) {
        nvmlEventData_t event;
        memset(&event, 0, sizeof event);
        result = CALL(eventSetWait, set, &event, 60000);
        if (result == NVML_SUCCESS && (event.eventType & NVML_EVENT_XID)) {
            device->xidLast = (uint32_t)event.eventData;
            ++device->xidCount;
        } else if (result != NVML_SUCCESS && result != NVML_ERROR_TIMEOUT) {
            const struct timespec pause = {1, 0}; // a lost device makes each wait fail at once
            nanosleep(&pause, NULL);
        }
    }
    return NULL;
}
