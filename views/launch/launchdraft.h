// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/job.h"

#include <optional>

namespace pilothouse {

/// A spec that the next launch form of a target starts from ("run again with edits").
void setLaunchDraft(const QString &target, const JobSpec &spec);
std::optional<JobSpec> takeLaunchDraft(const QString &target);

} // namespace pilothouse
