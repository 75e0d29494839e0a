// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// pilothouse-gpuhelper: asks NVIDIA's library on behalf of the agent, which is static and cannot
// load one. Started by the agent, ends with its stdin. Each device has a thread of its own, so that
// a driver call that never returns takes only its own device along; the main thread calls no
// driver.
#include "device.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static struct device *devices;
static unsigned deviceCount;
static pthread_mutex_t startMutex = PTHREAD_MUTEX_INITIALIZER; // of the two above
static pthread_mutex_t outMutex = PTHREAD_MUTEX_INITIALIZER;

static void writeAll(const void *data, size_t size)
{
    const char *at = data;
    while (size > 0) {
        const ssize_t written = write(STDOUT_FILENO, at, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            _exit(0); // the agent is gone
        at += written;
        size -= (size_t)written;
    }
}

void answer(int type, unsigned device, uint32_t request, const void *body, size_t size)
{
    char bytes[sizeof(struct ph_frame) + sizeof(struct ph_process) * PH_MAX_PROCESSES];
    const struct ph_frame frame = {(uint32_t)size, (uint16_t)type, (uint16_t)device, request, 0};
    memcpy(bytes, &frame, sizeof frame);
    memcpy(bytes + sizeof frame, body, size);
    pthread_mutex_lock(&outMutex);
    writeAll(bytes, sizeof frame + size);
    pthread_mutex_unlock(&outMutex);
}

static int describeDevice(struct device *device)
{
    struct ph_device info;
    memset(&info, 0, sizeof info);
    nvmlReturn_t result = nvml.handle(device->index, &device->handle);
    if (result != NVML_SUCCESS) {
        describeError(info.problem, sizeof info.problem, "nvmlDeviceGetHandleByIndex", result);
    } else {
        result = CALL(uuid, device->handle, info.uuid, sizeof info.uuid);
        if (result != NVML_SUCCESS)
            describeError(info.problem, sizeof info.problem, "nvmlDeviceGetUUID", result);
        if (CALL(name, device->handle, info.name, sizeof info.name) != NVML_SUCCESS)
            snprintf(info.name, sizeof info.name, "NVIDIA GPU %u", device->index);
        nvmlPciInfo_t place;
        memset(&place, 0, sizeof place);
        if (CALL(pciInfo, device->handle, &place) == NVML_SUCCESS)
            snprintf(info.bus, sizeof info.bus, "%04x:%02x:%02x.0", place.domain, place.bus,
                place.device);
        struct ph_sample sample;
        memset(&sample, 0, sizeof sample);
        sampleOne(device, PH_MEMORY_USED, &sample);
        sampleOne(device, PH_POWER_LIMIT, &sample);
        info.memory = (uint64_t)sample.value[PH_MEMORY_TOTAL];
        info.power_limit = (uint32_t)sample.value[PH_POWER_LIMIT];
    }
    answer(PH_DEVICE, device->index, 0, &info, sizeof info);
    return info.problem[0] == '\0';
}

static void startThread(void *(*function)(void *), void *argument)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 512 * 1024);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_t thread;
    if (pthread_create(&thread, &attributes, function, argument) != 0)
        _exit(1);
    pthread_attr_destroy(&attributes);
}

static void *serveDevice(void *argument)
{
    struct device *device = argument;
    if (!describeDevice(device))
        return NULL;
    startThread(&watchEvents, device);
    for (;;) {
        pthread_mutex_lock(&device->mutex);
        while (!device->sampleRequest && !device->processRequest && !device->fastRequest)
            pthread_cond_wait(&device->wanted, &device->mutex);
        const uint32_t sample = device->sampleRequest, processes = device->processRequest,
                       fast = device->fastRequest;
        device->sampleRequest = device->processRequest = device->fastRequest = 0;
        pthread_mutex_unlock(&device->mutex);
        if (fast)
            sampleFast(device, fast);
        if (sample)
            sampleAll(device, sample);
        if (processes)
            listProcesses(device, processes);
    }
}

static void startLibrary(struct ph_library *info)
{
    void *library = openLibrary();
    if (!library) {
        info->missing = 1;
        snprintf(info->problem, sizeof info->problem, "no NVIDIA driver found: libnvidia-ml.so.1");
        return;
    }
    bindLibrary(library);
    info->simulated = dlsym(library, "pilothouse_fake_nvml") != NULL;
    if (!nvml.init || !nvml.count || !nvml.handle) {
        snprintf(info->problem, sizeof info->problem, "libnvidia-ml.so.1 lacks the calls we need");
        return;
    }
    nvmlReturn_t result = nvml.init();
    if (result != NVML_SUCCESS) {
        describeError(info->problem, sizeof info->problem, "nvmlInit", result);
        return;
    }
    if (nvml.driverVersion && nvml.driverVersion(info->driver, sizeof info->driver) != NVML_SUCCESS)
        info->driver[0] = '\0';
    unsigned count = 0;
    result = nvml.count(&count);
    if (result != NVML_SUCCESS)
        describeError(info->problem, sizeof info->problem, "nvmlDeviceGetCount", result);
    info->devices = count > PH_MAX_DEVICES ? PH_MAX_DEVICES : count;
}

static void *start(void *unused)
{
    (void)unused;
    struct ph_library info;
    memset(&info, 0, sizeof info);
    startLibrary(&info); // may hang
    answer(PH_LIBRARY, PH_NO_DEVICE, 0, &info, sizeof info);
    struct device *all = calloc(info.devices + 1, sizeof *all);
    if (!all)
        _exit(1);
    for (unsigned i = 0; i < info.devices; ++i) {
        all[i].index = i;
        all[i].xidResult = all[i].pcieResult = PH_NOT_YET;
        pthread_mutex_init(&all[i].mutex, NULL);
        pthread_cond_init(&all[i].wanted, NULL);
    }
    pthread_mutex_lock(&startMutex);
    devices = all;
    deviceCount = info.devices;
    pthread_mutex_unlock(&startMutex);
    for (unsigned i = 0; i < info.devices; ++i)
        startThread(serveDevice, &all[i]);
    return NULL;
}

static void ask(const struct ph_frame *frame)
{
    pthread_mutex_lock(&startMutex);
    struct device *all = devices;
    const unsigned count = deviceCount;
    pthread_mutex_unlock(&startMutex);
    for (unsigned i = 0; i < count; ++i) {
        // Never held over a driver call, so this does not wait for a device that hangs.
        pthread_mutex_lock(&all[i].mutex);
        if (frame->type == PH_SAMPLE)
            all[i].sampleRequest = frame->request;
        else if (frame->type == PH_PROCESSES)
            all[i].processRequest = frame->request;
        else if (frame->type == PH_FAST)
            all[i].fastRequest = frame->request;
        pthread_cond_signal(&all[i].wanted);
        pthread_mutex_unlock(&all[i].mutex);
    }
}

static int readFrame(struct ph_frame *frame)
{
    char *at = (char *)frame;
    size_t size = sizeof *frame;
    while (size > 0) {
        const ssize_t got = read(STDIN_FILENO, at, size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return 0;
        at += got;
        size -= (size_t)got;
    }
    return frame->size == 0; // no request has a body
}

int main(void)
{
    prctl(PR_SET_NAME, "pilot-gpuhelper");
    int started = 0;
    struct ph_frame frame;
    while (readFrame(&frame)) {
        if (frame.type == PH_LIST && !started) {
            started = 1;
            startThread(start, NULL);
        } else if (frame.type != PH_LIST) {
            ask(&frame);
        }
    }
    _exit(0); // also when a driver call hangs in another thread
}
