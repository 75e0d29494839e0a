// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// A libnvidia-ml.so.1 without a GPU, for tests and demos. It says what a scenario file says, and is
// labelled in every place a user looks: names begin with "Simulated", the driver's version ends
// with
// "-fake", and the symbol pilothouse_fake_nvml marks the library itself.
#include "fake.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

API const int pilothouse_fake_nvml = 1;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; // of all below
static struct scenario scenario;
static struct stat readFrom;
static double startedAt, lookedAt;
static int initialized, loaded;
struct gpuHandle handles[MOST_GPUS];
struct gpuHandle partitions[MOST_GPUS][MOST_INSTANCES];

static const char builtIn[] = "gpu * busy sine 15 98 40\n"
                              "gpu * memory_busy sine 5 60 40\n"
                              "gpu * memory_used sine 8GiB 72GiB 120\n"
                              "gpu * power sine 120 680 40\n"
                              "gpu * temperature sine 38 71 90\n"
                              "gpu * sm_clock step 345 3 1980\n";

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static char *readAll(const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return NULL;
    char *text = calloc(1, 256 * 1024);
    if (text && fread(text, 1, 256 * 1024 - 1, file) == 0)
        text[0] = '\0';
    fclose(file);
    return text;
}

/// Reads the scenario anew when its file has changed; time goes on. With the mutex held.
static void look(void)
{
    const double t = now();
    if (loaded && t - lookedAt < 0.01)
        return;
    lookedAt = t;
    const char *path = getenv("PILOTHOUSE_NVML_SCENARIO");
    struct stat info;
    memset(&info, 0, sizeof info);
    if (path && *path && stat(path, &info) != 0)
        return; // being replaced
    if (loaded && info.st_ino == readFrom.st_ino && info.st_size == readFrom.st_size
        && memcmp(&info.st_mtim, &readFrom.st_mtim, sizeof info.st_mtim) == 0)
        return;
    char *text = path && *path ? readAll(path) : NULL;
    const int badLine = parseScenario(text ? text : builtIn, &scenario);
    if (badLine) {
        fprintf(stderr, "fake NVML: %s: line %d is not understood\n", path, badLine);
        abort(); // a test with a wrong scenario must not pass
    }
    free(text);
    readFrom = info;
    loaded = 1;
}

void pauseShortly(void)
{
    const struct timespec moment = {0, 10 * 1000 * 1000};
    nanosleep(&moment, NULL);
}

static int isHandle(nvmlDevice_t device)
{
    return (device >= handles && device < handles + MOST_GPUS)
        || (device >= &partitions[0][0] && device < &partitions[MOST_GPUS - 1][0] + MOST_INSTANCES);
}

nvmlReturn_t enter(nvmlDevice_t device, int call)
{
    for (;;) {
        pthread_mutex_lock(&mutex);
        nvmlReturn_t result = OK;
        if (!initialized)
            result = UNINITIALIZED;
        else if (!isHandle(device))
            result = INVALID_ARGUMENT;
        if (result == OK) {
            look();
            const struct gpu *gpu = &scenario.gpu[device->index];
            const double t = now() - startedAt;
            if (call >= 0 && isInside(&gpu->hangs[call], t)) {
                pthread_mutex_unlock(&mutex);
                pauseShortly();
                continue;
            }
            if (isInside(&gpu->lost, t))
                result = GPU_IS_LOST;
            else if (call >= 0 && gpu->unsupported[call])
                result = NOT_SUPPORTED;
            // As the driver does: these only of the whole, and no utilisation of a whole in parts.
            else if (device->instance >= 0 && call >= 0 && call != MEMORY_USED)
                result = NOT_SUPPORTED;
            else if (gpu->instanceCount > 0 && (call == BUSY || call == ENCODER || call == DECODER))
                result = NOT_SUPPORTED;
        }
        if (result != OK)
            pthread_mutex_unlock(&mutex);
        return result;
    }
}

void leave(void)
{
    pthread_mutex_unlock(&mutex);
}

const struct gpu *gpuOf(nvmlDevice_t device)
{
    return &scenario.gpu[device->index];
}

const struct instance *instanceOf(nvmlDevice_t device)
{
    return device->instance < 0 ? NULL : &gpuOf(device)->instances[device->instance];
}

int driverMajor(void)
{
    return atoi(scenario.driver);
}

double second(void)
{
    return now() - startedAt;
}

double valueNow(nvmlDevice_t device, int value)
{
    return valueAt(&gpuOf(device)->values[value], second());
}

static nvmlReturn_t copyText(char *out, unsigned size, const char *text)
{
    if (strlen(text) >= size)
        return INSUFFICIENT_SIZE;
    strcpy(out, text);
    return OK;
}

static nvmlReturn_t number(nvmlDevice_t device, int value, double factor, unsigned *out)
{
    const nvmlReturn_t result = enter(device, value);
    if (result != OK)
        return result;
    *out = (unsigned)(valueNow(device, value) * factor + 0.5);
    leave();
    return OK;
}

// ---- the library ----

API nvmlReturn_t nvmlInitWithFlags(unsigned flags)
{
    (void)flags;
    for (;;) {
        pthread_mutex_lock(&mutex);
        if (!loaded)
            startedAt = now();
        look();
        for (int i = 0; i < MOST_GPUS; ++i) {
            handles[i].index = i;
            handles[i].instance = -1;
            for (int j = 0; j < MOST_INSTANCES; ++j) {
                partitions[i][j].index = i;
                partitions[i][j].instance = j;
            }
        }
        const int hangs = isInside(&scenario.initHangs, now() - startedAt);
        if (!hangs)
            ++initialized;
        pthread_mutex_unlock(&mutex);
        if (!hangs)
            return OK;
        pauseShortly();
    }
}
API nvmlReturn_t nvmlInit_v2(void)
{
    return nvmlInitWithFlags(0);
}
API nvmlReturn_t nvmlInit(void)
{
    return nvmlInitWithFlags(0);
}

API nvmlReturn_t nvmlShutdown(void)
{
    pthread_mutex_lock(&mutex);
    const int was = initialized;
    if (initialized > 0)
        --initialized;
    pthread_mutex_unlock(&mutex);
    return was > 0 ? OK : UNINITIALIZED;
}

API const char *nvmlErrorString(nvmlReturn_t result)
{
    switch (result) {
    case OK:
        return "Success";
    case UNINITIALIZED:
        return "Uninitialized";
    case INVALID_ARGUMENT:
        return "Invalid Argument";
    case NOT_SUPPORTED:
        return "Not Supported";
    case NOT_FOUND:
        return "Not Found";
    case INSUFFICIENT_SIZE:
        return "Insufficient Size";
    case GPU_IS_LOST:
        return "GPU is lost";
    default:
        return "Unknown Error";
    }
}

API nvmlReturn_t nvmlSystemGetDriverVersion(char *out, unsigned size)
{
    char text[MOST_TEXT + 8];
    pthread_mutex_lock(&mutex);
    snprintf(text, sizeof text, "%s-fake", scenario.driver);
    pthread_mutex_unlock(&mutex);
    return copyText(out, size, text);
}
API nvmlReturn_t nvmlSystemGetNVMLVersion(char *out, unsigned size)
{
    return copyText(out, size, "12.550.54.15-fake");
}
API nvmlReturn_t nvmlSystemGetCudaDriverVersion_v2(int *version)
{
    *version = 12040;
    return OK;
}
API nvmlReturn_t nvmlSystemGetCudaDriverVersion(int *version)
{
    return nvmlSystemGetCudaDriverVersion_v2(version);
}

API nvmlReturn_t nvmlDeviceGetCount_v2(unsigned *count)
{
    pthread_mutex_lock(&mutex);
    *count = (unsigned)scenario.gpus;
    const int ready = initialized;
    pthread_mutex_unlock(&mutex);
    return ready ? OK : UNINITIALIZED;
}
API nvmlReturn_t nvmlDeviceGetCount(unsigned *count)
{
    return nvmlDeviceGetCount_v2(count);
}

API nvmlReturn_t nvmlDeviceGetHandleByIndex_v2(unsigned index, nvmlDevice_t *device)
{
    if (index >= MOST_GPUS)
        return INVALID_ARGUMENT;
    const nvmlReturn_t result = enter(&handles[index], HANDLE);
    if (result != OK)
        return result;
    const int known = (int)index < scenario.gpus;
    leave();
    *device = &handles[index];
    return known ? OK : INVALID_ARGUMENT;
}
API nvmlReturn_t nvmlDeviceGetHandleByIndex(unsigned index, nvmlDevice_t *device)
{
    return nvmlDeviceGetHandleByIndex_v2(index, device);
}

API nvmlReturn_t nvmlDeviceGetHandleByUUID(const char *uuid, nvmlDevice_t *device)
{
    nvmlReturn_t result = NOT_FOUND;
    pthread_mutex_lock(&mutex);
    for (int i = 0; i < scenario.gpus; ++i) {
        if (strcmp(scenario.gpu[i].uuid, uuid) == 0) {
            *device = &handles[i];
            result = OK;
        }
    }
    pthread_mutex_unlock(&mutex);
    return result;
}

// ---- a device ----

API nvmlReturn_t nvmlDeviceGetIndex(nvmlDevice_t device, unsigned *index)
{
    *index = (unsigned)device->index;
    return OK;
}
API nvmlReturn_t nvmlDeviceGetMinorNumber(nvmlDevice_t device, unsigned *minor)
{
    return nvmlDeviceGetIndex(device, minor);
}

API nvmlReturn_t nvmlDeviceGetName(nvmlDevice_t device, char *out, unsigned size)
{
    nvmlReturn_t result = enter(device, -1);
    if (result != OK)
        return result;
    // Also where a scenario forgot it.
    char text[MOST_TEXT + 16];
    const struct instance *part = instanceOf(device);
    const char *name = part ? part->name : gpuOf(device)->name;
    const int labelled = strncmp(name, "Simulated", 9) == 0;
    snprintf(text, sizeof text, "%s%s", labelled ? "" : "Simulated ", name);
    leave();
    return copyText(out, size, text);
}
API nvmlReturn_t nvmlDeviceGetUUID(nvmlDevice_t device, char *out, unsigned size)
{
    nvmlReturn_t result = enter(device, -1);
    if (result != OK)
        return result;
    const struct instance *part = instanceOf(device);
    result = copyText(out, size, part ? part->uuid : gpuOf(device)->uuid);
    leave();
    return result;
}

struct pciInfo {
    char busIdLegacy[16];
    unsigned domain, bus, device, pciDeviceId, pciSubSystemId;
    char busId[32];
};
API nvmlReturn_t nvmlDeviceGetPciInfo_v3(nvmlDevice_t device, struct pciInfo *info)
{
    memset(info, 0, sizeof *info);
    info->bus = (unsigned)(device->index + 1);
    info->pciDeviceId = 0x233010de;
    snprintf(info->busIdLegacy, sizeof info->busIdLegacy, "0000:%02X:00.0", info->bus & 0xff);
    snprintf(info->busId, sizeof info->busId, "00000000:%02X:00.0", info->bus & 0xff);
    return OK;
}

struct memory {
    unsigned long long total, free, used;
};
struct memory2 {
    unsigned version;
    unsigned long long total, reserved, free, used;
};
API nvmlReturn_t nvmlDeviceGetMemoryInfo(nvmlDevice_t device, struct memory *memory)
{
    const nvmlReturn_t result = enter(device, MEMORY_USED);
    if (result != OK)
        return result;
    const struct instance *part = instanceOf(device);
    memory->total = (unsigned long long)(part ? part->total : valueNow(device, MEMORY_TOTAL));
    memory->used = (unsigned long long)(part ? part->used : valueNow(device, MEMORY_USED));
    memory->free = memory->total > memory->used ? memory->total - memory->used : 0;
    leave();
    return OK;
}
API nvmlReturn_t nvmlDeviceGetMemoryInfo_v2(nvmlDevice_t device, struct memory2 *memory)
{
    if (memory->version != (unsigned)(sizeof *memory | 2u << 24))
        return ARGUMENT_VERSION_MISMATCH;
    struct memory old;
    const nvmlReturn_t result = nvmlDeviceGetMemoryInfo(device, &old);
    if (result != OK)
        return result;
    memory->total = old.total;
    memory->reserved = 0;
    memory->free = old.free;
    memory->used = old.used;
    return OK;
}
API nvmlReturn_t nvmlDeviceGetBAR1MemoryInfo(nvmlDevice_t device, struct memory *memory)
{
    (void)device;
    memory->total = 128ull << 30;
    memory->used = 1ull << 20;
    memory->free = memory->total - memory->used;
    return OK;
}

struct utilization {
    unsigned gpu, memory;
};
API nvmlReturn_t nvmlDeviceGetUtilizationRates(nvmlDevice_t device, struct utilization *out)
{
    const nvmlReturn_t result = enter(device, BUSY);
    if (result != OK)
        return result;
    out->gpu = (unsigned)(valueNow(device, BUSY) + 0.5);
    out->memory = (unsigned)(valueNow(device, MEMORY_BUSY) + 0.5);
    leave();
    return OK;
}

API nvmlReturn_t nvmlDeviceGetPowerUsage(nvmlDevice_t device, unsigned *milliwatts)
{
    return number(device, POWER, 1000, milliwatts);
}
API nvmlReturn_t nvmlDeviceGetEnforcedPowerLimit(nvmlDevice_t device, unsigned *milliwatts)
{
    return number(device, POWER_LIMIT, 1000, milliwatts);
}
API nvmlReturn_t nvmlDeviceGetPowerManagementLimit(nvmlDevice_t device, unsigned *milliwatts)
{
    return number(device, POWER_LIMIT, 1000, milliwatts);
}
API nvmlReturn_t nvmlDeviceGetTemperature(nvmlDevice_t device, int sensor, unsigned *celsius)
{
    return sensor != 0 ? INVALID_ARGUMENT : number(device, TEMPERATURE, 1, celsius);
}
API nvmlReturn_t nvmlDeviceGetFanSpeed(nvmlDevice_t device, unsigned *percent)
{
    return number(device, FAN, 1, percent);
}

enum { GRAPHICS_CLOCK, SM, MEM, VIDEO };
API nvmlReturn_t nvmlDeviceGetClockInfo(nvmlDevice_t device, int type, unsigned *megahertz)
{
    if (type < GRAPHICS_CLOCK || type > VIDEO)
        return INVALID_ARGUMENT;
    return number(device, type == MEM ? MEMORY_CLOCK : SM_CLOCK, 1, megahertz);
}
API nvmlReturn_t nvmlDeviceGetMaxClockInfo(nvmlDevice_t device, int type, unsigned *megahertz)
{
    (void)device;
    *megahertz = type == MEM ? 2619 : 1980;
    return OK;
}

API nvmlReturn_t nvmlDeviceGetPerformanceState(nvmlDevice_t device, int *state)
{
    (void)device;
    *state = 0;
    return OK;
}
API nvmlReturn_t nvmlDeviceGetPersistenceMode(nvmlDevice_t device, int *mode)
{
    (void)device;
    *mode = 1;
    return OK;
}
API nvmlReturn_t nvmlDeviceGetComputeMode(nvmlDevice_t device, int *mode)
{
    (void)device;
    *mode = 0;
    return OK;
}
API nvmlReturn_t nvmlDeviceGetCudaComputeCapability(nvmlDevice_t device, int *major, int *minor)
{
    (void)device;
    *major = 9;
    *minor = 0;
    return OK;
}
// ---- what nvitop asks for besides: fixed, or not to be had ----

static nvmlReturn_t engine(nvmlDevice_t device, int value, unsigned *percent, unsigned *period)
{
    *period = 167000;
    return number(device, value, 1, percent);
}
API nvmlReturn_t nvmlDeviceGetEncoderUtilization(
    nvmlDevice_t device, unsigned *percent, unsigned *period)
{
    return engine(device, ENCODER, percent, period);
}
API nvmlReturn_t nvmlDeviceGetDecoderUtilization(
    nvmlDevice_t device, unsigned *percent, unsigned *period)
{
    return engine(device, DECODER, percent, period);
}
API nvmlReturn_t nvmlDeviceGetDisplayActive(nvmlDevice_t device, int *active)
{
    (void)device;
    *active = 0;
    return OK;
}
API nvmlReturn_t nvmlDeviceGetDriverModel(nvmlDevice_t device, int *current, int *pending)
{
    (void)device, (void)current, (void)pending;
    return NOT_SUPPORTED;
}
