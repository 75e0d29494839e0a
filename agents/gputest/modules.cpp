// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/gputest/modules.h"

#include <algorithm>
#include <tuple>

namespace gputest {

std::vector<const Module *> modulesFor(const std::vector<Module> &all, int major, int minor)
{
    std::vector<const Module *> fitting;
    for (const Module &module : all) {
        const bool runs = module.cubin
            ? module.compute / 10 == major && module.compute % 10 <= minor
            : module.compute <= major * 10 + minor;
        if (runs)
            fitting.push_back(&module);
    }
    // `all` is in the order of the compilers, oldest first.
    std::reverse(fitting.begin(), fitting.end());
    std::stable_sort(fitting.begin(), fitting.end(), [](const Module *a, const Module *b) {
        return std::make_tuple(a->cubin, a->compute) > std::make_tuple(b->cubin, b->compute);
    });
    return fitting;
}

} // namespace gputest
