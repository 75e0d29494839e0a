// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/types/engine.h"
#include "core/types/jobspec.h"

namespace pilothouse {

/// Body of POST /api/jobs/ (Ray's Jobs REST API), what `ray job submit` sends: our id is its
/// submission_id, so that the same job sent twice is refused by Ray. An edited text gets the id and
/// keeps all its fields.
Result<RenderedJob> renderRay(const JobSpec &spec, const QString &jobId);

/// The form from the body again: `base` with what the body says. BadInput when it is no JSON
/// object.
Result<JobSpec> readRay(const QByteArray &text, JobSpec base);

/// The body after the form went from `before` to `after`: fields that the form does not know stay.
Result<QByteArray> editRay(const QByteArray &text, const JobSpec &before, const JobSpec &after);

} // namespace pilothouse
