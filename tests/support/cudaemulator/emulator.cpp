// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/cudaemulator/emulator.h"

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <vector>

#include <ucontext.h>

Dimensions blockIdx, threadIdx, blockDim, gridDim;

namespace emulator {

namespace {

constexpr unsigned lanes = 32;
constexpr std::size_t stackBytes = 64 * 1024;

struct Copy {
    void *to;
    const void *from;
};

struct Fiber {
    ucontext_t context{};
    std::unique_ptr<char[]> stack{new char[stackBytes]};
    bool done = false;
    std::vector<Copy> open; ///< copies that are not committed yet
    std::deque<std::vector<Copy>> groups;
};

/// Of a block or a warp: who comes last opens the next round.
struct Meeting {
    unsigned round = 0, arrived = 0;
};

struct Warp {
    Meeting meeting;
    Shown shown[2][lanes]; ///< of this round and of the one before, which some still read
};

std::vector<std::unique_ptr<Fiber>> fibers;
std::vector<Warp> warps;
Meeting blockMeeting;
ucontext_t scheduler;
const std::function<void()> *body = nullptr;
unsigned current = 0;
bool moved = false; ///< somebody got further since this was set

void yield()
{
    const unsigned self = current;
    swapcontext(&fibers[self]->context, &scheduler);
}

void meet(Meeting &meeting, unsigned everybody)
{
    moved = true;
    const unsigned round = meeting.round;
    if (++meeting.arrived == everybody) {
        meeting.arrived = 0;
        ++meeting.round;
        return;
    }
    while (meeting.round == round)
        yield();
    moved = true;
}

void enter()
{
    (*body)();
    fibers[current]->done = true;
    moved = true;
    swapcontext(&fibers[current]->context, &scheduler);
}

void resume(unsigned index)
{
    current = index;
    threadIdx.x = index;
    swapcontext(&scheduler, &fibers[index]->context);
}

void runBlock(unsigned block)
{
    while (fibers.size() < block)
        fibers.push_back(std::make_unique<Fiber>());
    warps.assign((block + lanes - 1) / lanes, Warp());
    blockMeeting = Meeting();
    for (unsigned i = 0; i < block; ++i) {
        Fiber &fiber = *fibers[i];
        getcontext(&fiber.context);
        fiber.context.uc_stack.ss_sp = fiber.stack.get();
        fiber.context.uc_stack.ss_size = stackBytes;
        fiber.context.uc_link = nullptr;
        fiber.done = false;
        fiber.open.clear();
        fiber.groups.clear();
        makecontext(&fiber.context, &enter, 0);
    }
    // A warp goes as far as it can alone, then the next.
    for (bool left = true; left;) {
        left = false;
        bool any = false;
        for (unsigned warp = 0; warp < block; warp += lanes) {
            do {
                moved = false;
                for (unsigned i = warp; i < warp + lanes && i < block; ++i) {
                    if (!fibers[i]->done)
                        resume(i);
                }
                any = any || moved;
            } while (moved);
            for (unsigned i = warp; i < warp + lanes && i < block; ++i)
                left = left || !fibers[i]->done;
        }
        if (left && !any) {
            std::fprintf(
                stderr, "cudaemulator: the threads of a block wait for each other forever\n");
            std::abort();
        }
    }
}

} // namespace

void launch(unsigned grid, unsigned block, const std::function<void()> &kernel)
{
    body = &kernel;
    gridDim.x = grid;
    blockDim.x = block;
    for (unsigned i = 0; i < grid; ++i) {
        blockIdx.x = i;
        runBlock(block);
    }
}

void waitForBlock()
{
    meet(blockMeeting, blockDim.x);
}

const Shown *showWarp(const Shown &mine)
{
    Warp &warp = warps[current / lanes];
    Shown *shown = warp.shown[warp.meeting.round % 2];
    shown[current % lanes] = mine;
    meet(warp.meeting, lanes);
    return shown;
}

void copyLater(void *to, const void *from)
{
    fibers[current]->open.push_back({to, from});
}

void commit()
{
    Fiber &fiber = *fibers[current];
    fiber.groups.push_back(std::move(fiber.open));
    fiber.open.clear();
}

void wait(unsigned pending)
{
    Fiber &fiber = *fibers[current];
    for (; fiber.groups.size() > pending; fiber.groups.pop_front()) {
        for (const Copy &copy : fiber.groups.front())
            std::memcpy(copy.to, copy.from, 16);
    }
}

} // namespace emulator
