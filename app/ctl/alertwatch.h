// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/desk.h"

#include <QList>

namespace pilothouse {
class AlertLog;
}

namespace pilothouse::ctl {

/// Connects to the targets (BadInput when there are none), lets the rules watch their samples for
/// `seconds` and leaves what they found in `log`. Samples go to a temporary folder. A target that
/// cannot be reached is a note on stderr; Unreachable when that is all of them.
Task<Result<>> watchAlerts(Desk *desk, QList<Target> targets, int seconds, AlertLog *log);

} // namespace pilothouse::ctl
