// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/engine.h"

namespace pilothouse {

/// What a verb runs. `value`: the priority, or the new time limit in seconds. BadInput when it
/// makes no sense.
Result<QStringList> slurmCall(JobVerb verb, const Job &job, const QString &value);
VerbAnswer slurmCan(JobVerb verb, const Job &job);

} // namespace pilothouse
