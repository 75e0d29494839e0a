// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/desk.h"

namespace pilothouse::ctl {

/// Launches on a target, by an engine of that kind there or (empty) its agent, and prints the job;
/// with `waits` shows its log to the end and gives its exit code, 255 for a failure of ours.
Task<int> launchSpec(Desk &desk, QString target, QString engine, JobSpec spec, bool waits);

} // namespace pilothouse::ctl
