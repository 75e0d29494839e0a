// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/engine.h"
#include "core/types/job.h"

namespace pilothouse {

/// What a program's end says by itself: category Program (or OutOfMemory, Cancelled), a sentence
/// and one thing to do; no evidence. Exit codes over 128 are taken as a shell's word for a signal.
Explanation explainEnd(std::optional<int> exitCode, std::optional<int> signal);

/// Why a job of the agent ended as it did, from what is known of it. It has no queue: it waits for
/// nothing.
Explanation explainOwn(const Job &job);

} // namespace pilothouse
