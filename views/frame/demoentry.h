// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QWidget;

namespace pilothouse {

class TargetFeed;

/// False in a demo already, and where this installation has no simulator.
bool canStartDemo(const TargetFeed &feed);
/// Opens the demo fleet in a window (and process) of its own: this one stays as it is, and nothing
/// simulated gets among what is real. When it does not start, or ends at once, `window` shows why.
/// `program`: this one when empty.
void startDemo(QWidget *window, const QString &program = {});

} // namespace pilothouse
