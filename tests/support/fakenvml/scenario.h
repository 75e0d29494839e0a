// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// The text that drives the fake library; see README.md.
#pragma once

#include <stddef.h>

enum value {
    BUSY,
    MEMORY_BUSY,
    MEMORY_USED,
    MEMORY_TOTAL,
    POWER,
    POWER_LIMIT,
    TEMPERATURE,
    SM_CLOCK,
    MEMORY_CLOCK,
    FAN,
    THROTTLE,
    ECC_CORRECTED,
    ECC_UNCORRECTED,
    REMAPPED_CORRECTABLE,
    REMAPPED_UNCORRECTABLE,
    REMAP_PENDING,
    REMAP_FAILED,
    PCIE_TX,
    PCIE_RX,
    PCIE_REPLAYS,
    PCIE_GENERATION,
    PCIE_WIDTH,
    ENERGY,
    ENCODER,
    DECODER,
    MEMORY_TEMPERATURE,
    NVLINK_TX,
    NVLINK_RX,
    NVLINK_ERRORS,
    SM_ACTIVE,
    SM_OCCUPANCY,
    TENSOR_ACTIVE,
    DRAM_ACTIVE,
    VALUES
};

enum { MOST_GPUS = 64, MOST_POINTS = 16, MOST_PROCESSES = 32, MOST_TEXT = 96 };
enum { MOST_INSTANCES = 7, MOST_XIDS = 16 };
// What a call can be made to do; the places are the values and two calls that have none.
enum { HANDLE = VALUES, PROCESSES, CALLS };

struct curve {
    enum { CONSTANT, RAMP, SINE, STEPS } shape;
    double
        at[MOST_POINTS]; // ramp and sine: from, to, seconds; steps: value, from second, value ...
    int count;
};

struct window {
    double from, until; // seconds; from < 0 = never
};

struct gpu {
    char name[MOST_TEXT], uuid[MOST_TEXT];
    struct curve values[VALUES];
    struct window hangs[CALLS], lost;
    int unsupported[CALLS];
    struct {
        unsigned pid;
        double bytes; // < 0 = not known
        int graphics;
        double busy; // percent; < 0 = no samples
        int instance; // < 0 = the whole device
    } processes[MOST_PROCESSES];
    int processCount;
    struct instance {
        char name[MOST_TEXT], uuid[MOST_TEXT];
        double total, used; // bytes
    } instances[MOST_INSTANCES]; // MIG; none = it is off
    int instanceCount;
    struct {
        double at; // second
        unsigned code;
    } xids[MOST_XIDS];
    int xidCount;
};

struct scenario {
    char driver[MOST_TEXT];
    int gpus;
    struct gpu gpu[MOST_GPUS];
    struct window initHangs;
};

/// Fills in defaults and what the text says. Returns the number of the first bad line, 0 = none.
int parseScenario(const char *text, struct scenario *scenario);
double valueAt(const struct curve *curve, double second);
int isInside(const struct window *window, double second);
