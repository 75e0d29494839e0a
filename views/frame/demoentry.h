// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace pilothouse {

class TargetFeed;

/// False in a demo already, and where this installation has no simulator.
bool canStartDemo(const TargetFeed &feed);
/// Opens the demo fleet in a window (and process) of its own: this one stays as it is, and nothing
/// simulated gets among what is real. False when it cannot be started.
bool startDemo();

} // namespace pilothouse
