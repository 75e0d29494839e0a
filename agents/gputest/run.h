// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agents/gputest/options.h"
#include "agents/gputest/report.h"

namespace gputest {

enum ExitCode { ExitOk = 0, ExitErrors = 1, ExitUsage = 2, ExitNoDevice = 3 };

/// The whole test; its verdict is in the report.
ExitCode runTest(const Options &options, Report &report);

} // namespace gputest
