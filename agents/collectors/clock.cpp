// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/clock.h"

#include <charconv>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace pilothouse::agent {

static constexpr int64_t second = 1'000'000'000;

static int64_t read(clockid_t clock)
{
    timespec now{};
    ::clock_gettime(clock, &now);
    return int64_t(now.tv_sec) * second + now.tv_nsec;
}

/// A static program cannot be given another clock by a preloaded library, and no namespace shifts
/// the time of day.
static int64_t shiftForTests()
{
    const char *text = std::getenv("PILOTHOUSE_AGENT_CLOCK_SHIFT");
    int32_t seconds = 0;
    if (text)
        std::from_chars(text, text + std::strlen(text), seconds);
    return seconds * second;
}

int64_t wallNs()
{
    static const int64_t shift = shiftForTests();
    return read(CLOCK_REALTIME) + shift;
}

int64_t boottimeNs()
{
    return read(CLOCK_BOOTTIME);
}

} // namespace pilothouse::agent
