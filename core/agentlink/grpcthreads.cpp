// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/agentlink/grpcthreads.h"

#include "core/agentlink/agentchannel.h"

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace pilothouse {

namespace {

// Own threads in Next(): Debian's callback API sleeps up to 100 ms when it was idle.
struct Threads {
    std::array<grpc::CompletionQueue, 2> queues;
    std::array<std::thread, 2> threads;

    Threads()
    {
        for (std::size_t i = 0; i < queues.size(); ++i) {
            threads[i] = std::thread([&queue = queues[i]] {
                void *tag = nullptr;
                bool ok = false;
                while (queue.Next(&tag, &ok))
                    static_cast<CompletionTag *>(tag)->done(ok);
            });
        }
    }
    ~Threads()
    {
        for (auto &queue : queues)
            queue.Shutdown();
        for (auto &thread : threads)
            thread.join();
    }
};

std::mutex mutex;
std::unique_ptr<Threads> threads;
std::stop_source stopping;
std::shared_mutex gate;
bool gateOpen = false; // guarded by gate
std::atomic<unsigned> turn;

void start() // mutex is held
{
    if (threads)
        return;
    threads = std::make_unique<Threads>();
    stopping = std::stop_source();
    const std::unique_lock opening(gate);
    gateOpen = true;
}

} // namespace

grpc::CompletionQueue *grpcQueue()
{
    const std::lock_guard lock(mutex);
    start();
    return &threads->queues[turn++ % 2];
}

std::stop_token agentThreadsStopping()
{
    const std::lock_guard lock(mutex);
    start();
    return stopping.get_token();
}

void stopAgentThreads()
{
    std::unique_ptr<Threads> old;
    std::stop_source source;
    {
        const std::lock_guard lock(mutex);
        source = stopping;
        old = std::exchange(threads, nullptr);
    }
    source.request_stop(); // what is in flight on a queue must end before it does
    {
        const std::unique_lock closing(gate);
        gateOpen = false;
    }
    old.reset();
}

QueueUse::QueueUse()
    : m_lock(gate)
    , m_open(gateOpen)
{
}

} // namespace pilothouse
