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
    PH_INSTANCES
    = 6, ///< comes before a sample of a device that is partitioned: array of ph_instance
    PH_FAST = 7, ///< request; each device answers with the ph_sample of a few cheap values alone
};

enum { PH_UNKNOWN = 0x7fffffff };
enum { PH_NOT_YET = 1000 }; ///< a result: the first of two samples, or events not asked for yet
enum { PH_NO_DEVICE = 0xffff, PH_MAX_DEVICES = 64, PH_MAX_PROCESSES = 512, PH_MAX_INSTANCES = 8 };

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
    PH_THROTTLE, ///< mask of nvmlClocksThrottleReason*
    PH_ECC_CORRECTED, ///< errors since the driver was loaded
    PH_ECC_UNCORRECTED,
    PH_REMAPPED, ///< rows, correctable and uncorrectable ones
    PH_REMAPPED_UNCORRECTABLE,
    PH_REMAP_PENDING, ///< 0 or 1: takes effect with the next reset
    PH_REMAP_FAILED, ///< 0 or 1
    PH_PCIE_TX, ///< bytes since the helper or the driver started
    PH_PCIE_RX,
    PH_PCIE_REPLAYS,
    PH_PCIE_GENERATION, ///< of the link now: it sleeps when idle
    PH_PCIE_WIDTH, ///< lanes
    PH_ENERGY, ///< millijoules since the driver was loaded
    PH_ENCODER, ///< percent
    PH_DECODER, ///< percent
    PH_FAN, ///< percent
    PH_MEMORY_TEMPERATURE, ///< degrees Celsius
    PH_NVLINK_TX, ///< bytes of data since the driver was loaded
    PH_NVLINK_RX,
    PH_NVLINK_ERRORS, ///< CRC errors, replays and recoveries of all links
    PH_SM_ACTIVE, ///< thousandths, as the three below: since the last sample
    PH_SM_OCCUPANCY,
    PH_TENSOR_ACTIVE,
    PH_DRAM_ACTIVE,
    PH_XID_ERRORS, ///< events since the helper started
    PH_XID_LAST, ///< number of the last one, 0 = none yet
    PH_MIG, ///< 1 = partitioned
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
    char bus[24]; ///< "0000:1b:00.0" as the kernel writes it, empty = unknown
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
    uint32_t busy; ///< percent of the device since the last request, PH_UNKNOWN
    uint32_t gpu_instance, compute_instance; ///< PH_UNKNOWN where not partitioned
};
/// A MIG partition.
struct ph_instance {
    char uuid[96];
    char name[96];
    uint64_t memory_total, memory_used; ///< bytes
    uint32_t gpu_instance, compute_instance;
    int32_t result; ///< nvmlReturn_t of the memory
    uint32_t reserved;
};

#ifdef __cplusplus
}
#endif
