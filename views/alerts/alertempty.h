// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/models/alertmodel.h"

namespace pilothouse {

class EmptyState;

/// What the feed says when it lists nothing. `filter`: the text that hides all; `live`: any target
/// is connected.
void sayNoAlerts(EmptyState *empty, const AlertModel &model, const QString &filter, bool live);

} // namespace pilothouse
