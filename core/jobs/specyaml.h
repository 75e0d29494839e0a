// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/types/jobspec.h"

namespace pilothouse {

/// SPEC.yaml: one job for any engine, as a file that people write and keep in git. core/jobs/README
/// lists the keys. BadInput names line and column; an unknown key the nearest known one. Limits as
/// readYaml(). A spec that makes no job is read too: the form may be half filled in.
Result<JobSpec> specFromYaml(const QByteArray &text);

/// Only what is not at its default, in the order of the README. Ends in a newline; what is read
/// from it again equals the spec.
QByteArray specToYaml(const JobSpec &spec);

} // namespace pilothouse
