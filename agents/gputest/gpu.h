// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/gputest/cuda.h"
#include "agents/gputest/modules.h"

#include <functional>
#include <string>

namespace gputest {

/// One device with its context and kernels. After a failed call every later one does nothing:
/// CUDA's own errors are of that kind, and steps need to look only where it matters. Used by one
/// thread at a time, which calls use() first.
class Gpu {
public:
    explicit Gpu(int ordinal);
    ~Gpu();
    Gpu(const Gpu &) = delete;
    Gpu &operator=(const Gpu &) = delete;

    bool open(); ///< context and the best module that the driver takes
    void use();

    bool failed() const { return !m_trouble.empty(); }
    /// "cuCtxSynchronize: an illegal memory access was encountered (700)"; empty = all is well
    const std::string &trouble() const { return m_trouble; }
    /// Notes the first failure. True when the call went well.
    bool check(CuResult result, const char *call);
    void fail(const std::string &sentence);

    bool has(const char *kernel);
    /// 256 threads a block.
    template <typename... Arguments>
    void launch(const char *kernel, unsigned grid, Arguments... arguments)
    {
        void *pointers[] = {&arguments...};
        launchWith(kernel, grid, pointers);
    }
    unsigned everywhere() const { return unsigned(multiprocessors) * 16; } ///< a grid that fills it
    void synchronize();
    /// Seconds on the device's clock that `work` takes there.
    double timed(const std::function<void()> &work);
    /// Seconds for one of many: `work` is repeated (in growing batches) for about `seconds`.
    double timedEach(double seconds, const std::function<void()> &work);

    const int ordinal;
    CuDevice device = 0;
    CuContext context = nullptr;
    std::string name, uuid, bus, module;
    int major = 0, minor = 0, multiprocessors = 0;
    std::size_t memoryBytes = 0;
    bool ecc = false;

private:
    void launchWith(const char *kernel, unsigned grid, void **arguments);

    CuModule m_module = nullptr;
    CuEvent m_begin = nullptr, m_end = nullptr;
    std::string m_trouble;
};

/// Device memory; address 0 when it could not be had, which is not a failure of the device.
class Buffer {
public:
    Buffer(Gpu &gpu, std::size_t bytes);
    ~Buffer();
    Buffer(const Buffer &) = delete;
    Buffer &operator=(const Buffer &) = delete;

    CuPointer address() const { return m_address; }
    explicit operator bool() const { return m_address != 0; }

private:
    CuPointer m_address = 0;
};

std::string describe(CuResult result, const char *call);

} // namespace gputest
