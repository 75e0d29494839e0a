// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// pilothouse-gpuhelper: asks NVIDIA's library on behalf of the agent, which is static and cannot
// load one. Started by the agent, ends with its stdin. Each device has a thread of its own, so that
// a driver call that never returns takes only its own device along; the main thread calls no
// driver.
#include "nvml.h"
#include "protocol.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static struct {
    nvmlReturn_t (*init)(void);
    const char *(*errorString)(nvmlReturn_t);
    nvmlReturn_t (*driverVersion)(char *, unsigned);
    nvmlReturn_t (*count)(unsigned *);
    nvmlReturn_t (*handle)(unsigned, nvmlDevice_t *);
    nvmlReturn_t (*uuid)(nvmlDevice_t, char *, unsigned);
    nvmlReturn_t (*name)(nvmlDevice_t, char *, unsigned);
    nvmlReturn_t (*utilization)(nvmlDevice_t, nvmlUtilization_t *);
    nvmlReturn_t (*memory)(nvmlDevice_t, nvmlMemory_t *);
    nvmlReturn_t (*memory2)(nvmlDevice_t, nvmlMemory_v2_t *);
    nvmlReturn_t (*power)(nvmlDevice_t, unsigned *);
    nvmlReturn_t (*powerLimit)(nvmlDevice_t, unsigned *);
    nvmlReturn_t (*temperature)(nvmlDevice_t, int, unsigned *);
    nvmlReturn_t (*clock)(nvmlDevice_t, int, unsigned *);
    nvmlReturn_t (*processes[2])(nvmlDevice_t, unsigned *, void *); // compute, graphics
    size_t processSize[2];
} nvml;

struct device {
    unsigned index;
    nvmlDevice_t handle;
    pthread_mutex_t mutex;
    pthread_cond_t wanted;
    uint32_t sampleRequest, processRequest; // 0 = not asked
    int unsupported[PH_METRICS]; // not asked again
};

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

static void answer(int type, unsigned device, uint32_t request, const void *body, size_t size)
{
    char bytes[sizeof(struct ph_frame) + sizeof(struct ph_process) * PH_MAX_PROCESSES];
    const struct ph_frame frame = {(uint32_t)size, (uint16_t)type, (uint16_t)device, request, 0};
    memcpy(bytes, &frame, sizeof frame);
    memcpy(bytes + sizeof frame, body, size);
    pthread_mutex_lock(&outMutex);
    writeAll(bytes, sizeof frame + size);
    pthread_mutex_unlock(&outMutex);
}

static void *symbol(void *library, const char *first, const char *second)
{
    void *found = dlsym(library, first);
    return found || !second ? found : dlsym(library, second);
}

static void *openLibrary(void)
{
    // The second ones are where drivers of containers, Debian and WSL hide it.
    static const char *const names[]
        = {"libnvidia-ml.so.1", "/usr/lib/x86_64-linux-gnu/nvidia/current/libnvidia-ml.so.1",
            "/usr/lib64/libnvidia-ml.so.1", "/usr/lib/wsl/lib/libnvidia-ml.so.1",
            "/run/nvidia/driver/usr/lib64/libnvidia-ml.so.1",
            "/run/nvidia/driver/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1"};
    for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
        void *library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
        if (library)
            return library;
    }
    return NULL;
}

static void bindLibrary(void *library)
{
    *(void **)&nvml.init = symbol(library, "nvmlInit_v2", "nvmlInit");
    *(void **)&nvml.errorString = symbol(library, "nvmlErrorString", NULL);
    *(void **)&nvml.driverVersion = symbol(library, "nvmlSystemGetDriverVersion", NULL);
    *(void **)&nvml.count = symbol(library, "nvmlDeviceGetCount_v2", "nvmlDeviceGetCount");
    *(void **)&nvml.handle
        = symbol(library, "nvmlDeviceGetHandleByIndex_v2", "nvmlDeviceGetHandleByIndex");
    *(void **)&nvml.uuid = symbol(library, "nvmlDeviceGetUUID", NULL);
    *(void **)&nvml.name = symbol(library, "nvmlDeviceGetName", NULL);
    *(void **)&nvml.utilization = symbol(library, "nvmlDeviceGetUtilizationRates", NULL);
    *(void **)&nvml.memory = symbol(library, "nvmlDeviceGetMemoryInfo", NULL);
    *(void **)&nvml.memory2 = symbol(library, "nvmlDeviceGetMemoryInfo_v2", NULL);
    *(void **)&nvml.power = symbol(library, "nvmlDeviceGetPowerUsage", NULL);
    *(void **)&nvml.powerLimit
        = symbol(library, "nvmlDeviceGetEnforcedPowerLimit", "nvmlDeviceGetPowerManagementLimit");
    *(void **)&nvml.temperature = symbol(library, "nvmlDeviceGetTemperature", NULL);
    *(void **)&nvml.clock = symbol(library, "nvmlDeviceGetClockInfo", NULL);
    static const char *const calls[2][3] = {
        {"nvmlDeviceGetComputeRunningProcesses_v3", "nvmlDeviceGetComputeRunningProcesses_v2",
            "nvmlDeviceGetComputeRunningProcesses"},
        {"nvmlDeviceGetGraphicsRunningProcesses_v3", "nvmlDeviceGetGraphicsRunningProcesses_v2",
            "nvmlDeviceGetGraphicsRunningProcesses"},
    };
    for (int kind = 0; kind < 2; ++kind) {
        *(void **)&nvml.processes[kind] = symbol(library, calls[kind][0], calls[kind][1]);
        nvml.processSize[kind] = sizeof(nvmlProcessInfo_t);
        if (nvml.processes[kind])
            continue;
        *(void **)&nvml.processes[kind] = symbol(library, calls[kind][2], NULL);
        nvml.processSize[kind] = sizeof(nvmlProcessInfo_v1_t);
    }
}

static void describeError(char *out, size_t size, const char *call, nvmlReturn_t result)
{
    const char *text = nvml.errorString ? nvml.errorString(result) : NULL;
    snprintf(out, size, "%s: %s (%d)", call, text ? text : "error", result);
}

static void put(struct ph_sample *sample, int metric, nvmlReturn_t result, unsigned long long value)
{
    sample->result[metric] = result;
    sample->value[metric] = result == NVML_SUCCESS ? (int64_t)value : 0;
}

static void sampleMemory(struct device *device, struct ph_sample *sample)
{
    nvmlMemory_v2_t memory = {NVML_MEMORY_V2, 0, 0, 0, 0};
    nvmlReturn_t result = NVML_ERROR_FUNCTION_NOT_FOUND;
    if (nvml.memory2)
        result = nvml.memory2(device->handle, &memory);
    if (result != NVML_SUCCESS && result != NVML_ERROR_GPU_IS_LOST && nvml.memory) {
        nvmlMemory_t old = {0, 0, 0};
        result = nvml.memory(device->handle, &old);
        memory.total = old.total;
        memory.used = old.used;
    }
    put(sample, PH_MEMORY_USED, result, memory.used);
    put(sample, PH_MEMORY_TOTAL, result, memory.total);
}

#define CALL(function, ...)                                                                        \
    (function ? function(device->handle, __VA_ARGS__) : NVML_ERROR_FUNCTION_NOT_FOUND)

static void sampleOne(struct device *device, int metric, struct ph_sample *sample)
{
    unsigned value = 0;
    nvmlUtilization_t utilization = {0, 0};
    nvmlReturn_t result = NVML_SUCCESS;
    switch (metric) {
    case PH_BUSY:
        result = CALL(nvml.utilization, &utilization);
        put(sample, PH_MEMORY_BUSY, result, utilization.memory);
        value = utilization.gpu;
        break;
    case PH_MEMORY_USED:
        sampleMemory(device, sample);
        return;
    case PH_POWER:
        result = CALL(nvml.power, &value);
        break;
    case PH_POWER_LIMIT:
        result = CALL(nvml.powerLimit, &value);
        break;
    case PH_TEMPERATURE:
        result = CALL(nvml.temperature, NVML_TEMPERATURE_GPU, &value);
        break;
    case PH_SM_CLOCK:
        result = CALL(nvml.clock, NVML_CLOCK_SM, &value);
        break;
    case PH_MEMORY_CLOCK:
        result = CALL(nvml.clock, NVML_CLOCK_MEM, &value);
        break;
    default: // comes with another one
        return;
    }
    put(sample, metric, result, value);
}

static void sampleAll(struct device *device, uint32_t request)
{
    struct ph_sample sample;
    memset(&sample, 0, sizeof sample);
    for (int metric = 0; metric < PH_METRICS; ++metric) {
        if (device->unsupported[metric])
            sample.result[metric] = device->unsupported[metric];
        else
            sampleOne(device, metric, &sample);
        const int result = sample.result[metric];
        if (result == NVML_ERROR_NOT_SUPPORTED || result == NVML_ERROR_FUNCTION_NOT_FOUND)
            device->unsupported[metric] = result;
    }
    answer(PH_SAMPLE, device->index, request, &sample, sizeof sample);
}

static void addProcess(
    struct ph_process *list, unsigned *count, unsigned pid, unsigned long long bytes)
{
    const int known = bytes != NVML_VALUE_NOT_AVAILABLE;
    for (unsigned i = 0; i < *count; ++i) {
        if (list[i].pid == pid) // computes and draws: both lists say the same memory
            return;
    }
    if (*count == PH_MAX_PROCESSES)
        return;
    const struct ph_process one = {known ? bytes : 0, pid, (uint32_t)known};
    list[(*count)++] = one;
}

static void listProcesses(struct device *device, uint32_t request)
{
    struct ph_process list[PH_MAX_PROCESSES];
    nvmlProcessInfo_t found[PH_MAX_PROCESSES];
    unsigned count = 0;
    for (int kind = 0; kind < 2; ++kind) {
        unsigned size = PH_MAX_PROCESSES;
        if (!nvml.processes[kind]
            || nvml.processes[kind](device->handle, &size, found) != NVML_SUCCESS)
            continue;
        for (unsigned i = 0; i < size && i < PH_MAX_PROCESSES; ++i) {
            // The fields we read are at the same place in both versions of the struct.
            nvmlProcessInfo_v1_t one;
            memcpy(&one, (const char *)found + i * nvml.processSize[kind], sizeof one);
            addProcess(list, &count, one.pid, one.usedGpuMemory);
        }
    }
    answer(PH_PROCESSES, device->index, request, list, count * sizeof *list);
}

static int describeDevice(struct device *device)
{
    struct ph_device info;
    memset(&info, 0, sizeof info);
    nvmlReturn_t result = nvml.handle(device->index, &device->handle);
    if (result != NVML_SUCCESS) {
        describeError(info.problem, sizeof info.problem, "nvmlDeviceGetHandleByIndex", result);
    } else {
        result = CALL(nvml.uuid, info.uuid, sizeof info.uuid);
        if (result != NVML_SUCCESS)
            describeError(info.problem, sizeof info.problem, "nvmlDeviceGetUUID", result);
        if (CALL(nvml.name, info.name, sizeof info.name) != NVML_SUCCESS)
            snprintf(info.name, sizeof info.name, "NVIDIA GPU %u", device->index);
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

static void *serveDevice(void *argument)
{
    struct device *device = argument;
    if (!describeDevice(device))
        return NULL;
    for (;;) {
        pthread_mutex_lock(&device->mutex);
        while (!device->sampleRequest && !device->processRequest)
            pthread_cond_wait(&device->wanted, &device->mutex);
        const uint32_t sample = device->sampleRequest, processes = device->processRequest;
        device->sampleRequest = device->processRequest = 0;
        pthread_mutex_unlock(&device->mutex);
        if (sample)
            sampleAll(device, sample);
        if (processes)
            listProcesses(device, processes);
    }
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
