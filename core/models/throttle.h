// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace pilothouse {

/// What holds a GPU's clocks back, of the metric gpu_throttle_reasons: "hardware thermal, power
/// cap", the worst first; "idle", "none". Bits as in nvml.h, nvmlClocksEventReason*.
QString throttleWords(double reasons);

/// How much it holds back: 0 = not at all or idle, 0.3 = a limit that somebody set, 0.8 = heat or
/// power trouble.
double throttleLevel(double reasons);

} // namespace pilothouse
