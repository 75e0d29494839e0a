// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>

class QMenu;

namespace pilothouse {

/// For how long to be silent: 1 h, 8 h, until it changes, 7 days. `chosen` gets it as the act
/// "alert.snooze" takes it.
void fillSnoozeMenu(QMenu *menu, const std::function<void(const QString &length)> &chosen);

} // namespace pilothouse
