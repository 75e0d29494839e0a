// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/ioloop.h"

#include "core/transport/childprocess.h"
#include "core/transport/uvhandle.h"

#include <atomic>
#include <deque>
#include <mutex>
#include <thread>

#include <csignal>
#include <pthread.h>
#include <uv.h>

namespace pilothouse {

struct IoLoop::Private {
    uv_loop_t loop;
    uv_async_t wake;
    std::thread thread;
    std::mutex mutex;
    std::deque<std::function<void()>> queue; // guarded by mutex
    bool stopping = false; // guarded by mutex
    std::atomic<std::thread::id> id;
    bool busy = false;

    void run();
    void drain();
};

void IoLoop::Private::drain()
{
    std::deque<std::function<void()>> work;
    {
        const std::lock_guard lock(mutex);
        work.swap(queue);
    }
    while (!work.empty()) {
        work.front()();
        work.pop_front(); // each dies before the next runs: what it held is released in order
    }
}

void IoLoop::Private::run()
{
    id = std::this_thread::get_id();
    pthread_setname_np(pthread_self(), "io");
    uv_run(&loop, UV_RUN_DEFAULT);
    // stop() ended the loop: whatever is still open is closed here, by its own kind's rules.
    drain();
    ChildProcess::endAll();
    uv_walk(
        &loop,
        [](uv_handle_t *handle, void *wake) {
            if (handle == wake)
                uv_close(handle, nullptr);
            else
                closeForStop(handle);
        },
        &wake);
    for (int round = 0; round < 3; ++round) // close callbacks come at the end of a round
        uv_run(&loop, UV_RUN_NOWAIT);
    busy = uv_loop_close(&loop) != 0; // a name lookup may hang: the end of the program does not
}

IoLoop &IoLoop::instance()
{
    static IoLoop loop;
    return loop;
}

IoLoop::IoLoop()
    : d(std::make_unique<Private>())
{
    uv_loop_init(&d->loop);
    uv_async_init(&d->loop, &d->wake, [](uv_async_t *handle) {
        auto *d = static_cast<Private *>(handle->data);
        d->drain();
        const std::lock_guard lock(d->mutex);
        if (d->stopping)
            uv_stop(&d->loop);
    });
    d->wake.data = d.get();
    // Signals belong to the main thread: a write to a dead socket must not end the program, and
    // a Ctrl-C must not land here.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    d->thread = std::thread([this] { d->run(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

IoLoop::~IoLoop()
{
    stop();
}

bool IoLoop::post(std::function<void()> work)
{
    {
        const std::lock_guard lock(d->mutex);
        if (d->stopping)
            return false; // dropping the work finishes its Reply with Cancelled
        d->queue.push_back(std::move(work));
    }
    uv_async_send(&d->wake);
    return true;
}

uv_loop_s *IoLoop::raw()
{
    return &d->loop;
}

bool IoLoop::onThread() const
{
    return d->id.load() == std::this_thread::get_id();
}

void IoLoop::stop()
{
    {
        const std::lock_guard lock(d->mutex);
        if (d->stopping)
            return;
        d->stopping = true;
    }
    uv_async_send(&d->wake);
    d->thread.join();
}

} // namespace pilothouse
