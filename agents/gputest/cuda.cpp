// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/gputest/cuda.h"

#include <initializer_list>

#include <dlfcn.h>

namespace gputest {

CudaCalls cuda;
static bool simulated = false;

bool cudaIsSimulated()
{
    return simulated;
}

template <typename Function>
static bool bind(void *library, Function &function, const char *name, const char *other = nullptr)
{
    void *found = dlsym(library, name);
    if (!found && other)
        found = dlsym(library, other);
    function = reinterpret_cast<Function>(found);
    return found != nullptr;
}

const char *loadCuda()
{
    void *library = nullptr;
    // The second ones are where drivers of containers, Debian and WSL hide it.
    for (const char *name : {"libcuda.so.1",
             "/usr/lib/x86_64-linux-gnu/nvidia/current/libcuda.so.1", "/usr/lib64/libcuda.so.1",
             "/usr/lib/wsl/lib/libcuda.so.1", "/run/nvidia/driver/usr/lib64/libcuda.so.1",
             "/run/nvidia/driver/usr/lib/x86_64-linux-gnu/libcuda.so.1"}) {
        if (!library)
            library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    }
    if (!library)
        return "libcuda.so.1 is not here: no NVIDIA driver is installed";
    simulated = dlsym(library, "pilothouse_fake_cuda") != nullptr;
    bind(library, cuda.errorName, "cuGetErrorName");
    bind(library, cuda.errorText, "cuGetErrorString");
    bool all = bind(library, cuda.init, "cuInit");
    all &= bind(library, cuda.driverVersion, "cuDriverGetVersion");
    all &= bind(library, cuda.deviceCount, "cuDeviceGetCount");
    all &= bind(library, cuda.device, "cuDeviceGet");
    all &= bind(library, cuda.deviceName, "cuDeviceGetName");
    all &= bind(library, cuda.deviceUuid, "cuDeviceGetUuid_v2", "cuDeviceGetUuid"); // v2 knows MIG
    all &= bind(library, cuda.deviceMemory, "cuDeviceTotalMem_v2");
    all &= bind(library, cuda.deviceAttribute, "cuDeviceGetAttribute");
    all &= bind(library, cuda.deviceBus, "cuDeviceGetPCIBusId");
    all &= bind(library, cuda.canAccessPeer, "cuDeviceCanAccessPeer");
    all &= bind(library, cuda.retainContext, "cuDevicePrimaryCtxRetain");
    all &= bind(
        library, cuda.releaseContext, "cuDevicePrimaryCtxRelease_v2", "cuDevicePrimaryCtxRelease");
    all &= bind(library, cuda.setContext, "cuCtxSetCurrent");
    all &= bind(library, cuda.synchronize, "cuCtxSynchronize");
    all &= bind(library, cuda.enablePeer, "cuCtxEnablePeerAccess");
    all &= bind(library, cuda.loadModule, "cuModuleLoadData");
    all &= bind(library, cuda.function, "cuModuleGetFunction");
    all &= bind(library, cuda.launch, "cuLaunchKernel");
    all &= bind(library, cuda.memoryInfo, "cuMemGetInfo_v2");
    all &= bind(library, cuda.allocate, "cuMemAlloc_v2");
    all &= bind(library, cuda.release, "cuMemFree_v2");
    all &= bind(library, cuda.allocateHost, "cuMemAllocHost_v2");
    all &= bind(library, cuda.releaseHost, "cuMemFreeHost");
    all &= bind(library, cuda.copyIn, "cuMemcpyHtoD_v2");
    all &= bind(library, cuda.copyOut, "cuMemcpyDtoH_v2");
    all &= bind(library, cuda.copyInAsync, "cuMemcpyHtoDAsync_v2");
    all &= bind(library, cuda.copyOutAsync, "cuMemcpyDtoHAsync_v2");
    all &= bind(library, cuda.copyPeer, "cuMemcpyPeerAsync");
    all &= bind(library, cuda.fill, "cuMemsetD8_v2");
    all &= bind(library, cuda.createEvent, "cuEventCreate");
    all &= bind(library, cuda.recordEvent, "cuEventRecord");
    all &= bind(library, cuda.waitEvent, "cuEventSynchronize");
    all &= bind(library, cuda.elapsed, "cuEventElapsedTime");
    return all ? "" : "this driver is too old: its libcuda.so.1 lacks calls of CUDA 9.2";
}

} // namespace gputest
