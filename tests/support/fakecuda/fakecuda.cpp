// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// The calls of CUDA's driver API that pilothouse-gputest makes; see README.md.
#include "tests/support/fakecuda/fakecuda.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>

#define EXPORT extern "C" __attribute__((visibility("default")))

using namespace fakecuda;

namespace fakecuda {

static thread_local Device *threadsDevice = nullptr;

Driver &driver()
{
    static Driver *one = [] {
        auto *made = new Driver;
        made->scenario = readScenario();
        for (const auto &device : made->scenario.devices)
            made->devices.push_back(std::make_unique<Device>(device));
        return made;
    }();
    return *one;
}

Device *currentDevice()
{
    return threadsDevice;
}

static Device *deviceOf(int number)
{
    auto &devices = driver().devices;
    return number >= 0 && std::size_t(number) < devices.size() ? devices[std::size_t(number)].get()
                                                               : nullptr;
}

/// Locks, finds the thread's device, and ends a call with what the device has failed with.
#define ENTER()                                                                                    \
    const std::lock_guard lock(driver().mutex);                                                    \
    Device *device = currentDevice();                                                              \
    if (!device)                                                                                   \
        return int(InvalidValue);                                                                  \
    if (device->failed != Success)                                                                 \
        return device->failed;

} // namespace fakecuda

/// So that it is never taken for a driver.
extern "C" {
__attribute__((visibility("default"))) int pilothouse_fake_cuda = 1;
}

EXPORT int cuInit(unsigned)
{
    return driver().scenario.none ? NoDevice : Success;
}

EXPORT int cuDriverGetVersion(int *version)
{
    *version = 12020;
    return Success;
}

EXPORT int cuGetErrorName(int, const char **name)
{
    *name = "CUDA_ERROR_FAKE";
    return Success;
}

EXPORT int cuGetErrorString(int result, const char **text)
{
    switch (result) {
    case OutOfMemory:
        *text = "out of memory";
        break;
    case NoDevice:
        *text = "no CUDA-capable device is detected";
        break;
    case NoBinary:
        *text = "no kernel image is available for execution on the device";
        break;
    case 719:
        *text = "unspecified launch failure";
        break;
    default:
        *text = "simulated error";
    }
    return Success;
}

EXPORT int cuDeviceGetCount(int *count)
{
    *count = int(driver().devices.size());
    return Success;
}

EXPORT int cuDeviceGet(int *device, int ordinal)
{
    *device = ordinal;
    return deviceOf(ordinal) ? Success : InvalidDevice;
}

EXPORT int cuDeviceGetName(char *name, int size, int device)
{
    std::strncpy(name, deviceOf(device)->scenario.name.c_str(), std::size_t(size) - 1);
    name[size - 1] = '\0';
    return Success;
}

EXPORT int cuDeviceGetUuid_v2(unsigned char *bytes, int device)
{
    std::string hex = deviceOf(device)->scenario.uuid.substr(4);
    std::erase(hex, '-');
    for (std::size_t i = 0; i < 16; ++i)
        bytes[i] = static_cast<unsigned char>(
            std::strtoul(hex.substr(std::min(i * 2, hex.size()), 2).c_str(), nullptr, 16));
    return Success;
}

EXPORT int cuDeviceTotalMem_v2(std::size_t *bytes, int device)
{
    *bytes = deviceOf(device)->scenario.memory;
    return Success;
}

EXPORT int cuDeviceGetAttribute(int *value, int attribute, int device)
{
    const int compute = deviceOf(device)->scenario.compute;
    *value = attribute == 75 ? compute / 10 : attribute == 76 ? compute % 10 : 1;
    return Success;
}

EXPORT int cuDeviceGetPCIBusId(char *text, int size, int device)
{
    std::snprintf(text, std::size_t(size), "0000:%02X:00.0", device + 1);
    return Success;
}

EXPORT int cuDeviceCanAccessPeer(int *can, int device, int peer)
{
    *can = deviceOf(device)->scenario.peers && deviceOf(peer)->scenario.peers;
    return Success;
}

EXPORT int cuDevicePrimaryCtxRetain(void **context, int device)
{
    *context = deviceOf(device);
    return Success;
}

EXPORT int cuDevicePrimaryCtxRelease_v2(int)
{
    return Success;
}

EXPORT int cuCtxSetCurrent(void *context)
{
    threadsDevice = static_cast<Device *>(context);
    return Success;
}

EXPORT int cuCtxSynchronize()
{
    ENTER()
    return Success;
}

EXPORT int cuCtxEnablePeerAccess(void *, unsigned)
{
    return Success;
}

EXPORT int cuModuleLoadData(void **module, const void *bytes)
{
    ENTER()
    const Image image = readImage(bytes);
    const int compute = device->scenario.compute;
    const auto &refused = device->scenario.refused;
    const bool fits = image.cubin
        ? image.architecture / 10 == compute / 10 && image.architecture <= compute
        : image.architecture > 0 && image.architecture <= compute;
    if (!fits || std::find(refused.begin(), refused.end(), image.name()) != refused.end())
        return NoBinary;
    *module = new Module{image}; // lives as long as the process
    driver().log("module " + image.name());
    return Success;
}

EXPORT int cuModuleGetFunction(void **function, void *module, const char *name)
{
    ENTER()
    if (!static_cast<Module *>(module)->image.kernels.contains(name))
        return NotFound;
    static std::map<std::string, Function> all;
    *function = &all.try_emplace(name, Function{name}).first->second;
    return Success;
}

EXPORT int cuLaunchKernel(void *function, unsigned gridX, unsigned, unsigned, unsigned blockX,
    unsigned, unsigned, unsigned, void *, void **parameters, void **)
{
    ENTER()
    if (blockX != 256 || gridX == 0)
        return InvalidValue;
    const std::string &name = static_cast<Function *>(function)->name;
    driver().log(name);
    return runKernel(*device, name, gridX, parameters);
}

EXPORT int cuMemGetInfo_v2(std::size_t *free, std::size_t *total)
{
    ENTER()
    *free = device->free();
    *total = device->scenario.memory;
    return Success;
}

EXPORT int cuMemAlloc_v2(unsigned long long *address, std::size_t bytes)
{
    ENTER()
    unsigned char *found = device->allocate(bytes);
    *address = reinterpret_cast<std::uintptr_t>(found);
    device->done.clear();
    return found ? Success : OutOfMemory;
}

EXPORT int cuMemFree_v2(unsigned long long address)
{
    // Whose it is does not depend on the context.
    const std::lock_guard lock(driver().mutex);
    for (const auto &device : driver().devices) {
        if (device->release(reinterpret_cast<unsigned char *>(address)))
            return Success;
    }
    return InvalidValue;
}

EXPORT int cuMemAllocHost_v2(void **address, std::size_t bytes)
{
    *address = std::malloc(bytes);
    return *address ? Success : OutOfMemory;
}

EXPORT int cuMemFreeHost(void *address)
{
    std::free(address);
    return Success;
}

EXPORT int cuMemcpyHtoD_v2(unsigned long long to, const void *from, std::size_t bytes)
{
    ENTER()
    std::memcpy(reinterpret_cast<void *>(to), from, bytes);
    device->applyStuckBit();
    device->done.clear();
    device->seconds += double(bytes) / device->scenario.h2d;
    return Success;
}

EXPORT int cuMemcpyDtoH_v2(void *to, unsigned long long from, std::size_t bytes)
{
    ENTER()
    std::memcpy(to, reinterpret_cast<const void *>(from), bytes);
    device->seconds += double(bytes) / device->scenario.d2h;
    return Success;
}

EXPORT int cuMemcpyHtoDAsync_v2(unsigned long long to, const void *from, std::size_t bytes, void *)
{
    return cuMemcpyHtoD_v2(to, from, bytes);
}

EXPORT int cuMemcpyDtoHAsync_v2(void *to, unsigned long long from, std::size_t bytes, void *)
{
    return cuMemcpyDtoH_v2(to, from, bytes);
}

EXPORT int cuMemcpyPeerAsync(
    unsigned long long to, void *, unsigned long long from, void *, std::size_t bytes, void *)
{
    ENTER()
    std::memcpy(reinterpret_cast<void *>(to), reinterpret_cast<const void *>(from), bytes);
    device->seconds += double(bytes) / device->scenario.peer;
    return Success;
}

EXPORT int cuMemsetD8_v2(unsigned long long address, unsigned char value, std::size_t bytes)
{
    ENTER()
    std::memset(reinterpret_cast<void *>(address), value, bytes);
    device->done.clear();
    return Success;
}

EXPORT int cuEventCreate(double **event, unsigned)
{
    *event = new double(0); // lives as long as the process
    return Success;
}

EXPORT int cuEventRecord(double *event, void *)
{
    ENTER()
    *event = device->seconds;
    return Success;
}

EXPORT int cuEventSynchronize(double *)
{
    ENTER()
    return Success;
}

EXPORT int cuEventElapsedTime(float *milliseconds, double *from, double *to)
{
    *milliseconds = float((*to - *from) * 1000);
    return Success;
}
