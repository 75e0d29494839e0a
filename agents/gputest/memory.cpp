// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/gputest/kernels/operands.h"
#include "agents/gputest/steps.h"

#include <algorithm>
#include <cstdio>

namespace gputest {

namespace {

const char *const patternNames[PatternCount]
    = {"zeros", "ones", "checker", "inverse checker", "address", "inverse address", "random"};

std::string hex(unsigned long long value)
{
    char text[19];
    std::snprintf(text, sizeof text, "0x%016llx", value);
    return text;
}

/// What is under test: pieces, since one allocation cannot have nearly all of the free memory.
struct Piece {
    std::unique_ptr<Buffer> buffer;
    unsigned long long firstWord, words;
};

std::vector<Piece> takeMemory(Gpu &gpu)
{
    std::vector<Piece> pieces;
    std::size_t free = 0, total = 0;
    if (gpu.failed() || !gpu.check(cuda.memoryInfo(&free, &total), "cuMemGetInfo"))
        return pieces;
    // The driver needs some for itself, and so do others on a shared device.
    std::size_t left = free - free / 16;
    std::size_t piece = std::min<std::size_t>(left, std::size_t(1) << 30) & ~std::size_t(4095);
    unsigned long long word = 0;
    while (piece >= 4096 && left >= 4096 && !gpu.failed()) {
        const std::size_t bytes = std::min(piece, left) & ~std::size_t(4095);
        auto buffer = std::make_unique<Buffer>(gpu, bytes);
        if (!*buffer) {
            piece = (piece / 2) & ~std::size_t(4095);
            if (piece < (std::size_t(16) << 20))
                break;
            continue;
        }
        pieces.push_back({std::move(buffer), word, bytes / 8});
        word += bytes / 8;
        left -= bytes;
    }
    return pieces;
}

class PatternTest {
public:
    PatternTest(const Subject &subject, std::vector<Piece> pieces)
        : m_subject(subject)
        , m_gpu(subject.gpu)
        , m_pieces(std::move(pieces))
        , m_faults(m_gpu, sizeof(Faults))
    {
        for (const Piece &piece : m_pieces)
            m_bytes += piece.words * 8;
    }

    bool ready() const { return !m_pieces.empty() && bool(m_faults); }

    /// One pattern everywhere, then read back; its inverse is written by the same pass where it is
    /// the next pattern, so that each cell is turned around right after it was read.
    void run(Clock::time_point deadline)
    {
        unsigned long long seed = 1;
        for (; !m_gpu.failed(); ++seed) {
            write(PatternZeros, seed);
            for (unsigned pattern = 0; pattern < PatternCount && !m_gpu.failed(); ++pattern) {
                check(pattern, pattern + 1, seed);
                if (m_passes > 0 && Clock::now() >= deadline)
                    return;
            }
            ++m_passes;
            if (Clock::now() >= deadline)
                return;
        }
    }

    void tell(double seconds)
    {
        Json first = Json::array();
        for (const Json &fault : m_first)
            first.push_back(fault);
        Json names = Json::array();
        for (const char *name : patternNames)
            names.push_back(name);
        m_subject.report.set(m_subject.path("memory"),
            {{"tested_bytes", m_bytes}, {"passes", m_passes}, {"patterns", names},
                {"seconds", seconds}, {"errors", m_errors}, {"first", first}});
        if (m_errors > 0)
            m_subject.report.error(m_subject.index,
                "Memory: " + std::to_string(m_errors)
                    + (m_errors == 1 ? " word was" : " words were")
                    + " not what was written, the first at "
                    + m_first[0]["address"].get<std::string>() + '.');
    }

private:
    void write(unsigned pattern, unsigned long long seed)
    {
        for (const Piece &piece : m_pieces)
            m_gpu.launch("pattern_write", m_gpu.everywhere(), piece.buffer->address(), piece.words,
                piece.firstWord, pattern, seed);
        m_gpu.synchronize();
    }

    void check(unsigned pattern, unsigned next, unsigned long long seed)
    {
        if (m_gpu.failed()
            || !m_gpu.check(cuda.fill(m_faults.address(), 0, sizeof(Faults)), "cuMemset"))
            return;
        for (const Piece &piece : m_pieces)
            m_gpu.launch("pattern_check", m_gpu.everywhere(), piece.buffer->address(), piece.words,
                piece.firstWord, pattern, next, seed, m_faults.address());
        m_gpu.synchronize();
        Faults faults{};
        if (m_gpu.failed()
            || !m_gpu.check(
                cuda.copyOut(&faults, m_faults.address(), sizeof faults), "cuMemcpyDtoH"))
            return;
        m_errors += faults.count;
        const auto stored = std::min<unsigned long long>(faults.count, Faults::capacity);
        for (unsigned i = 0; i < stored && m_first.size() < Faults::capacity; ++i) {
            const auto &fault = faults.first[i];
            m_first.push_back(
                {{"address", hex(addressOf(fault.index))}, {"offset", fault.index * 8},
                    {"pattern", patternNames[pattern]}, {"expected", hex(fault.expected)},
                    {"got", hex(fault.got)}, {"bits", hex(fault.expected ^ fault.got)}});
        }
    }

    /// In the device's address space.
    unsigned long long addressOf(unsigned long long word) const
    {
        for (const Piece &piece : m_pieces) {
            if (word >= piece.firstWord && word < piece.firstWord + piece.words)
                return piece.buffer->address() + (word - piece.firstWord) * 8;
        }
        return 0;
    }

    const Subject &m_subject;
    Gpu &m_gpu;
    std::vector<Piece> m_pieces;
    Buffer m_faults;
    unsigned long long m_bytes = 0, m_errors = 0;
    unsigned m_passes = 0;
    std::vector<Json> m_first;
};

} // namespace

void testMemory(const Subject &subject, Clock::time_point deadline)
{
    PatternTest test(subject, takeMemory(subject.gpu));
    if (!test.ready()) {
        if (!subject.gpu.failed())
            subject.skip("memory", "there is not enough free memory on the device");
        return;
    }
    const auto begin = Clock::now();
    test.run(deadline);
    if (subject.gpu.failed()) // that is told, and nothing is known of the memory
        return;
    test.tell(std::chrono::duration<double>(Clock::now() - begin).count());
}

} // namespace gputest
