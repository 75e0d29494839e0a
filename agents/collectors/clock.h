// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace pilothouse::agent {

/// Unix nanoseconds. For tests a host may go wrong by PILOTHOUSE_AGENT_CLOCK_SHIFT seconds.
int64_t wallNs();
/// CLOCK_BOOTTIME, nanoseconds: nobody sets it, and it counts suspended time too.
int64_t boottimeNs();

} // namespace pilothouse::agent
