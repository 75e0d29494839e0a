// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"

#include <QFuture>
#include <QPromise>

#include <memory>
#include <vector>

namespace pilothouse {

/// Runs `make(item)` (a Task<>) for every item, at most `limit` at a time, and ends when all ended.
template <typename Item, typename Make>
Task<> forEachLimited(std::vector<Item> items, std::size_t limit, Make make)
{
    struct Shared {
        std::vector<Item> items;
        Make make;
        std::size_t next = 0;
    };
    auto shared = std::make_shared<Shared>(Shared{std::move(items), std::move(make)});
    auto worker = [](std::shared_ptr<Shared> state) -> Task<> {
        while (state->next < state->items.size()) {
            Item item = state->items[state->next++];
            auto one = state->make(std::move(item));
            co_await std::move(one);
        }
    };
    std::vector<Task<>> workers;
    for (std::size_t i = 0; i < limit && i < shared->items.size(); ++i)
        workers.push_back(worker(shared));
    for (auto &one : workers)
        co_await std::move(one);
}

} // namespace pilothouse
