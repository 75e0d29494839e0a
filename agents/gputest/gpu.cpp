// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/gputest/gpu.h"

#include <algorithm>
#include <cstdio>

namespace gputest {

std::string describe(CuResult result, const char *call)
{
    const char *text = nullptr;
    if (cuda.errorText)
        cuda.errorText(result, &text);
    return std::string(call) + ": " + (text ? text : "error") + " (" + std::to_string(result) + ')';
}

static std::string uuidText(const CuUuid &uuid)
{
    std::string text = "GPU-";
    for (int i = 0; i < 16; ++i) {
        char two[3];
        std::snprintf(two, sizeof two, "%02x", uuid.bytes[i]);
        text += two;
        if (i == 3 || i == 5 || i == 7 || i == 9)
            text += '-';
    }
    return text;
}

Gpu::Gpu(int number)
    : ordinal(number)
{
    char text[256] = "";
    CuUuid id{};
    int eccOn = 0;
    if (!check(cuda.device(&device, ordinal), "cuDeviceGet"))
        return;
    if (check(cuda.deviceName(text, sizeof text, device), "cuDeviceGetName"))
        name = text;
    if (check(cuda.deviceUuid(&id, device), "cuDeviceGetUuid"))
        uuid = uuidText(id);
    if (cuda.deviceBus(text, sizeof text, device) == 0)
        bus = text;
    check(cuda.deviceMemory(&memoryBytes, device), "cuDeviceTotalMem");
    check(cuda.deviceAttribute(&major, CuComputeMajor, device), "cuDeviceGetAttribute");
    check(cuda.deviceAttribute(&minor, CuComputeMinor, device), "cuDeviceGetAttribute");
    check(
        cuda.deviceAttribute(&multiprocessors, CuMultiprocessors, device), "cuDeviceGetAttribute");
    if (cuda.deviceAttribute(&eccOn, CuEccEnabled, device) == 0)
        ecc = eccOn != 0;
}

Gpu::~Gpu()
{
    if (context)
        cuda.releaseContext(device);
}

bool Gpu::check(CuResult result, const char *call)
{
    if (result != 0)
        fail(describe(result, call));
    return result == 0;
}

void Gpu::fail(const std::string &sentence)
{
    if (m_trouble.empty())
        m_trouble = sentence;
}

bool Gpu::open()
{
    if (failed() || !check(cuda.retainContext(&context, device), "cuDevicePrimaryCtxRetain"))
        return false;
    use();
    CuResult last = 0;
    for (const Module *candidate : modulesFor(modules(), major, minor)) {
        last = cuda.loadModule(&m_module, candidate->image.data());
        if (last != 0)
            continue;
        module = candidate->name;
        check(cuda.createEvent(&m_begin, 0), "cuEventCreate");
        check(cuda.createEvent(&m_end, 0), "cuEventCreate");
        return !failed();
    }
    fail(last != 0 ? describe(last, "cuModuleLoadData")
                   : "Compute capability " + std::to_string(major) + '.' + std::to_string(minor)
                + " is older than 7.0, the oldest that is tested.");
    return false;
}

void Gpu::use()
{
    if (context)
        check(cuda.setContext(context), "cuCtxSetCurrent");
}

bool Gpu::has(const char *kernel)
{
    CuFunction function = nullptr;
    return m_module && cuda.function(&function, m_module, kernel) == 0;
}

void Gpu::launchWith(const char *kernel, unsigned grid, void **arguments)
{
    CuFunction function = nullptr;
    if (failed() || !check(cuda.function(&function, m_module, kernel), kernel))
        return;
    check(cuda.launch(function, grid, 1, 1, 256, 1, 1, 0, nullptr, arguments, nullptr), kernel);
}

void Gpu::synchronize()
{
    if (!failed())
        check(cuda.synchronize(), "cuCtxSynchronize");
}

double Gpu::timed(const std::function<void()> &work)
{
    if (failed() || !check(cuda.recordEvent(m_begin, nullptr), "cuEventRecord"))
        return 0;
    work();
    float milliseconds = 0;
    if (failed() || !check(cuda.recordEvent(m_end, nullptr), "cuEventRecord")
        || !check(cuda.waitEvent(m_end), "cuEventSynchronize")
        || !check(cuda.elapsed(&milliseconds, m_begin, m_end), "cuEventElapsedTime"))
        return 0;
    return double(milliseconds) / 1000;
}

double Gpu::timedEach(double seconds, const std::function<void()> &work)
{
    timed(work); // first use: caches, clocks
    double best = 0, spent = 0;
    bool whole = false;
    for (unsigned batch = 1; !failed();) {
        const double took = timed([&] {
            for (unsigned i = 0; i < batch; ++i)
                work();
        });
        if (took <= 0)
            return 0;
        const double each = took / batch;
        // A whole tenth of the time at least, so that the clock's steps do not count.
        if (took >= seconds / 10) {
            best = whole ? std::min(best, each) : each;
            whole = true;
        } else if (!whole) {
            best = each;
        }
        spent += took;
        if (spent >= seconds)
            return best;
        if (took < seconds / 8)
            batch *= 2;
    }
    return 0;
}

Buffer::Buffer(Gpu &gpu, std::size_t bytes)
{
    if (gpu.failed() || bytes == 0)
        return;
    const CuResult result = cuda.allocate(&m_address, bytes);
    if (result != 0)
        m_address = 0;
    if (result != 0 && result != CudaOutOfMemory)
        gpu.check(result, "cuMemAlloc");
}

Buffer::~Buffer()
{
    if (m_address)
        cuda.release(m_address);
}

} // namespace gputest
