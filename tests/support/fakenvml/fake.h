// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// What the parts of the fake library share.
#pragma once

#include "scenario.h"

#define API __attribute__((visibility("default")))
typedef int nvmlReturn_t;
typedef struct gpuHandle {
    int index;
    int instance; // of a MIG partition; -1 = the whole device
} * nvmlDevice_t;

enum {
    OK = 0,
    UNINITIALIZED = 1,
    INVALID_ARGUMENT = 2,
    NOT_SUPPORTED = 3,
    NOT_FOUND = 6,
    INSUFFICIENT_SIZE = 7,
    TIMEOUT = 10,
    GPU_IS_LOST = 15,
    ARGUMENT_VERSION_MISMATCH = 25,
};

extern struct gpuHandle handles[MOST_GPUS];
extern struct gpuHandle partitions[MOST_GPUS][MOST_INSTANCES];

/// Waits as long as the scenario says that this call hangs, then tells what it returns. On OK the
/// scenario is locked until leave().
nvmlReturn_t enter(nvmlDevice_t device, int call);
void leave(void);
/// These with the scenario locked.
const struct gpu *gpuOf(nvmlDevice_t device);
/// The partition a handle stands for, NULL for a whole device.
const struct instance *instanceOf(nvmlDevice_t device);
double second(void); ///< since the first nvmlInit
double valueNow(nvmlDevice_t device, int value);
int isMig(nvmlDevice_t device); ///< a whole device with partitions
int driverMajor(void);
void pauseShortly(void);
