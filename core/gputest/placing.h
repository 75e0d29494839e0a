// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/permit.h"
#include "core/base/task.h"
#include "core/session/link.h"

namespace pilothouse {

/// Puts the GPU test beside the agent of an open link, unless this very program lies there. Checked
/// by SHA-256 before and after; nothing stays behind on failure. Its path there. Unsupported when
/// this build was made without it.
Task<Result<QString>> placeGpuTest(Context context, Permit permit, std::shared_ptr<const Link> link,
    std::function<void(qint64, qint64)> progress = {});

} // namespace pilothouse
