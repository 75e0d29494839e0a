// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/frame/commandpalette.h"
#include "views/pages/page.h"

namespace pilothouse {

/// What the palette acts on: the open target, and what its page (or the page) has selected.
struct PaletteFocus {
    QString target; ///< empty = none is open
    QList<ActRequest> selection;
};

/// `>`: every act that fits the target or the selection. Those that ask for more (a command, a
/// file, a signal) open the page that asks. Refused ones stay, with the reason.
QList<PaletteEntry> actEntries(const PageContext &context, const PaletteFocus &focus);

/// `#`: all jobs, newest first; state, target and age as detail; found by id as well. Opens the
/// job.
QList<PaletteEntry> jobEntries(const PageContext &context);

} // namespace pilothouse
