// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/health/finding.h"

namespace pilothouse {

/// "watch", "reboot", "replace", translated.
QString verdictWord(HealthVerdict verdict);

} // namespace pilothouse
