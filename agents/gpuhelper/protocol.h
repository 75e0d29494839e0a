// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// What agent and GPU helper say to each other over the helper's stdin and stdout. C and C++.
// Both ends run on one host and are one build: structs are sent as they are.
#pragma once

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum ph_type {
    PH_LIST = 1, ///< request; answered by one ph_library and, device by device, ph_device
    PH_SAMPLE = 2, ///< request; each device answers for itself with ph_sample
    PH_PROCESSES = 3, ///< request; each device answers with an array of ph_process
    PH_LIBRARY = 4,
    PH_DEVICE = 5,
};

enum { PH_NO_DEVICE = 0xffff, PH_MAX_DEVICES = 64, PH_MAX_PROCESSES = 512 };

struct ph_frame {
    uint32_t size; ///< bytes that follow this header
    uint16_t type; ///< ph_type
    uint16_t device; ///< index, or PH_NO_DEVICE
    uint32_t request; ///< number of the request this answers; the asker counts
    uint32_t reserved;
};

/// What a device is asked for each second, in ph_sample's order.
enum ph_metric {
    PH_BUSY, ///< percent
    PH_MEMORY_BUSY, ///< percent
    PH_MEMORY_USED, ///< bytes
    PH_MEMORY_TOTAL, ///< bytes
    PH_POWER, ///< milliwatts
    PH_POWER_LIMIT, ///< milliwatts
    PH_TEMPERATURE, ///< degrees Celsius
    PH_SM_CLOCK, ///< megahertz
    PH_MEMORY_CLOCK, ///< megahertz
    PH_METRICS
};

struct ph_library {
    char problem[160]; ///< empty = the library works
    char driver[80];
    uint32_t devices;
    uint32_t simulated;
    uint32_t missing; ///< 1 = there is no library on this host
};
struct ph_device {
    char problem[160]; ///< empty = it can be sampled
    char uuid[96];
    char name[96];
    uint64_t memory; ///< bytes, 0 = unknown
    uint32_t power_limit; ///< milliwatts, 0 = unknown
    uint32_t reserved;
};
struct ph_sample {
    int64_t value[PH_METRICS];
    int32_t result[PH_METRICS]; ///< nvmlReturn_t, 0 = the value counts
    int32_t reserved;
};
struct ph_process {
    uint64_t bytes;
    uint32_t pid;
    uint32_t known; ///< whether `bytes` is
};

#ifdef __cplusplus
}
#endif
