// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// The part of NVIDIA's management library we call, declared by us: its header is not on build hosts
// and the library comes with the driver, so it is opened at run time. From the public NVML API
// reference (docs.nvidia.com/deploy/nvml-api); numbers and layouts have not changed since 2012
// except where a _v2 name says so.
#pragma once

typedef struct nvmlDevice_st *nvmlDevice_t;
typedef int nvmlReturn_t;

enum {
    NVML_SUCCESS = 0,
    NVML_ERROR_INVALID_ARGUMENT = 2,
    NVML_ERROR_NOT_SUPPORTED = 3,
    NVML_ERROR_NOT_FOUND = 6,
    NVML_ERROR_INSUFFICIENT_SIZE = 7,
    NVML_ERROR_TIMEOUT = 10,
    NVML_ERROR_FUNCTION_NOT_FOUND = 13,
    NVML_ERROR_GPU_IS_LOST = 15,
};
enum { NVML_TEMPERATURE_GPU = 0, NVML_CLOCK_SM = 1, NVML_CLOCK_MEM = 2 };
enum { NVML_ECC_CORRECTED = 0, NVML_ECC_UNCORRECTED = 1, NVML_ECC_VOLATILE = 0 };
enum { NVML_PCIE_TX = 0, NVML_PCIE_RX = 1 };
enum { NVML_EVENT_XID = 8 };
#define NVML_VALUE_NOT_AVAILABLE (~0ull)

typedef struct { // of the _v3 call
    char busIdLegacy[16];
    unsigned domain, bus, device, pciDeviceId, pciSubSystemId;
    char busId[32];
} nvmlPciInfo_t;
typedef struct {
    unsigned gpu, memory;
} nvmlUtilization_t;
typedef struct {
    unsigned long long total, free, used;
} nvmlMemory_t;
typedef struct {
    unsigned version;
    unsigned long long total, reserved, free, used;
} nvmlMemory_v2_t;
#define NVML_MEMORY_V2 (unsigned)(sizeof(nvmlMemory_v2_t) | 2u << 24)
typedef struct {
    unsigned pid;
    unsigned long long usedGpuMemory;
} nvmlProcessInfo_v1_t;
typedef struct { // of the _v2 and _v3 calls
    unsigned pid;
    unsigned long long usedGpuMemory;
    unsigned gpuInstanceId, computeInstanceId;
} nvmlProcessInfo_t;

/// NVML_FI_DEV_*: what nvmlDeviceGetFieldValues is asked for.
enum {
    NVML_FI_NVLINK_CRC_FLIT_ERRORS = 38,
    NVML_FI_NVLINK_CRC_DATA_ERRORS = 45,
    NVML_FI_NVLINK_REPLAYS = 52,
    NVML_FI_NVLINK_RECOVERIES = 59,
    NVML_FI_MEMORY_TEMPERATURE = 82,
    NVML_FI_NVLINK_DATA_TX = 138, ///< KiB since the driver was loaded; scope: link, ~0 = all
    NVML_FI_NVLINK_DATA_RX = 139,
    NVML_FI_REMAPPED_CORRECTABLE = 142,
    NVML_FI_REMAPPED_UNCORRECTABLE = 143,
    NVML_FI_REMAP_PENDING = 144,
    NVML_FI_REMAP_FAILED = 145,
    NVML_FI_PCIE_TX_BYTES = 197, ///< since the driver was loaded, from R545 on
    NVML_FI_PCIE_RX_BYTES = 198,
};
typedef struct {
    unsigned fieldId, scopeId;
    long long timestamp, latencyUsec;
    int valueType; ///< 0 double, 1 unsigned, 2 unsigned long, 3 unsigned long long, 4 long long, 5
                   ///< int
    nvmlReturn_t nvmlReturn;
    union {
        double d;
        unsigned u;
        unsigned long long ull;
        long long ll;
        int i;
    } value;
} nvmlFieldValue_t;

typedef struct {
    unsigned pid;
    unsigned long long timeStamp; ///< microseconds
    unsigned smUtil, memUtil, encUtil, decUtil; ///< percent
} nvmlProcessUtilizationSample_t;

typedef struct nvmlEventSet_st *nvmlEventSet_t;
typedef struct {
    nvmlDevice_t device;
    unsigned long long eventType, eventData; ///< of an XID: its number
    unsigned gpuInstanceId, computeInstanceId;
} nvmlEventData_t;

typedef struct {
    unsigned multiprocessorCount, sharedCopyEngineCount, sharedDecoderCount, sharedEncoderCount,
        sharedJpegCount, sharedOfaCount, gpuInstanceSliceCount, computeInstanceSliceCount;
    unsigned long long memorySizeMB;
} nvmlDeviceAttributes_t;

/// GPU performance monitoring, Hopper and newer.
typedef struct nvmlGpmSample_st *nvmlGpmSample_t;
typedef struct {
    unsigned version, isSupportedDevice;
} nvmlGpmSupport_t;
enum {
    NVML_GPM_SM_UTIL = 2,
    NVML_GPM_SM_OCCUPANCY = 3,
    NVML_GPM_ANY_TENSOR_UTIL = 5,
    NVML_GPM_DRAM_BW_UTIL = 10,
    NVML_GPM_VERSION = 1,
};
typedef struct {
    unsigned metricId;
    nvmlReturn_t nvmlReturn;
    double value; ///< percent
    char *shortName, *longName, *unit;
} nvmlGpmMetric_t;
typedef struct {
    unsigned version, numMetrics;
    nvmlGpmSample_t sample1, sample2;
    nvmlGpmMetric_t metrics[4]; ///< of the library: more; numMetrics says how many are used
} nvmlGpmMetricsGet_t;
