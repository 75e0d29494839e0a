// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/gputest/report.h"

#include <algorithm>

namespace gputest {

/// Least, mean and most of some values.
struct Range {
    double min = 0, max = 0, sum = 0;
    unsigned count = 0;

    void add(double value)
    {
        min = count == 0 ? value : std::min(min, value);
        max = count == 0 ? value : std::max(max, value);
        sum += value;
        ++count;
    }
    Json json() const { return {{"min", min}, {"mean", sum / count}, {"max", max}}; }
};

} // namespace gputest
