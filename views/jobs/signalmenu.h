// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/acts/actmenu.h"

namespace pilothouse {

/// Puts "Send signal" second into the menu, with the signals that jobs are sent by hand; disabled
/// with the reason when the jobs cannot take any.
void insertSignals(QMenu *menu, ActMenu *acts, const QList<ActRequest> &jobs);

} // namespace pilothouse
