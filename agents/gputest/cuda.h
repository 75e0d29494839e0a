// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// The part of CUDA's driver API we call, declared by us: the library comes with the driver, so it
// is opened at run time and its header is not on build hosts. From the public CUDA Driver API
// reference (docs.nvidia.com/cuda/cuda-driver-api); a _v2 in a name is the call's binary interface
// since 2011.
#pragma once

#include <cstddef>

namespace gputest {

using CuResult = int; ///< 0 is success
using CuDevice = int;
using CuPointer = unsigned long long;
using CuContext = struct CuContextTag *;
using CuModule = struct CuModuleTag *;
using CuFunction = struct CuFunctionTag *;
using CuEvent = struct CuEventTag *;
using CuStream = struct CuStreamTag *; ///< null: the context's own

struct CuUuid {
    unsigned char bytes[16];
};

enum : CuResult {
    CudaOutOfMemory = 2,
    CudaNoDevice = 100,
    CudaPeerAccessAlreadyEnabled = 704,
};

/// CUdevice_attribute.
enum CuAttribute {
    CuMultiprocessors = 16,
    CuEccEnabled = 32,
    CuComputeMajor = 75,
    CuComputeMinor = 76,
};

/// The calls, null where this driver has none.
struct CudaCalls {
    CuResult (*init)(unsigned flags);
    CuResult (*driverVersion)(int *version); ///< 12020 is CUDA 12.2
    CuResult (*errorName)(CuResult, const char **);
    CuResult (*errorText)(CuResult, const char **);
    CuResult (*deviceCount)(int *);
    CuResult (*device)(CuDevice *, int ordinal);
    CuResult (*deviceName)(char *, int size, CuDevice);
    CuResult (*deviceUuid)(CuUuid *, CuDevice);
    CuResult (*deviceMemory)(std::size_t *, CuDevice);
    CuResult (*deviceAttribute)(int *, int attribute, CuDevice);
    CuResult (*deviceBus)(char *, int size, CuDevice);
    CuResult (*canAccessPeer)(int *, CuDevice, CuDevice peer);
    CuResult (*retainContext)(CuContext *, CuDevice);
    CuResult (*releaseContext)(CuDevice);
    CuResult (*setContext)(CuContext);
    CuResult (*synchronize)();
    CuResult (*enablePeer)(CuContext peer, unsigned flags);
    CuResult (*loadModule)(CuModule *, const void *image);
    CuResult (*function)(CuFunction *, CuModule, const char *name);
    CuResult (*launch)(CuFunction, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX,
        unsigned blockY, unsigned blockZ, unsigned sharedBytes, CuStream, void **parameters,
        void **extra);
    CuResult (*memoryInfo)(std::size_t *free, std::size_t *total);
    CuResult (*allocate)(CuPointer *, std::size_t);
    CuResult (*release)(CuPointer);
    CuResult (*allocateHost)(void **, std::size_t); ///< pinned
    CuResult (*releaseHost)(void *);
    CuResult (*copyIn)(CuPointer, const void *, std::size_t);
    CuResult (*copyOut)(void *, CuPointer, std::size_t);
    CuResult (*copyInAsync)(CuPointer, const void *, std::size_t, CuStream);
    CuResult (*copyOutAsync)(void *, CuPointer, std::size_t, CuStream);
    CuResult (*copyPeer)(CuPointer, CuContext, CuPointer from, CuContext, std::size_t, CuStream);
    CuResult (*fill)(CuPointer, unsigned char, std::size_t);
    CuResult (*createEvent)(CuEvent *, unsigned flags);
    CuResult (*recordEvent)(CuEvent, CuStream);
    CuResult (*waitEvent)(CuEvent);
    CuResult (*elapsed)(float *milliseconds, CuEvent from, CuEvent to);
};
extern CudaCalls cuda;

/// Opens the driver's library and binds the calls. An empty text, or why there is none.
const char *loadCuda();
/// It is the fake driver of the tests.
bool cudaIsSimulated();

} // namespace gputest
