// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// A device and what each of its jobs keeps between samples.
#pragma once

#include "library.h"
#include "protocol.h"

#include <pthread.h>

struct device {
    unsigned index;
    nvmlDevice_t handle;
    pthread_mutex_t mutex;
    pthread_cond_t wanted;
    uint32_t sampleRequest, processRequest, fastRequest; // 0 = not asked

    // Of its own thread only.
    int unsupported[PH_METRICS]; // not asked again
    unsigned mig; // last mode
    uint64_t pcieBytes[2]; // sent, received: rate times time, where the driver does not count
    int pcieResult;
    double pcieAskedAt; // seconds
    nvmlGpmSample_t gpm[2]; // before, now
    int gpmResult, gpmSamples;
    unsigned long long utilizationSeen; // time of the newest sample, microseconds

    // Of the events' thread, read by the others.
    _Atomic int xidResult;
    _Atomic uint32_t xidCount, xidLast;
};

/// Sends one frame to the agent. Any thread.
void answer(int type, unsigned device, uint32_t request, const void *body, size_t size);

void put(struct ph_sample *sample, int metric, nvmlReturn_t result, unsigned long long value);
/// Asks for one metric, or for a group of which it is the first.
void sampleOne(struct device *device, int metric, struct ph_sample *sample);
void sampleAll(struct device *device, uint32_t request);
/// What changes within a tenth of a second and costs little: load, memory, power, temperature,
/// clock. Nothing that counts since the sample before.
void sampleFast(struct device *device, uint32_t request);
/// Counters that come in one call, error counters, links: the fields of a device's health.
void sampleFields(struct device *device, struct ph_sample *sample);
/// After the answer: the driver measures PCIe traffic for 20 ms.
void measurePcie(struct device *device);
void samplePcie(struct device *device, struct ph_sample *sample);
void sampleGpm(struct device *device, struct ph_sample *sample);
/// Tells of the partitions, if there are any.
void sampleInstances(struct device *device, uint32_t request, struct ph_sample *sample);
void listProcesses(struct device *device, uint32_t request);
/// Waits for the device's XIDs for ever; a thread of its own.
void *watchEvents(void *device);
