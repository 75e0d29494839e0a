// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engines/docker/dockerrun.h"
#include "core/types/engine.h"
#include "core/types/jobspec.h"

namespace pilothouse {

/// The container of a spec; of its edited text, when it has one. Our id is a label and in the name.
/// BadInput without an image.
Result<DockerRun> dockerRunOf(const JobSpec &spec, const QString &jobId);

/// As a `docker run` line; the same goes to the daemon as DockerRun::createBody().
Result<RenderedJob> renderDocker(const JobSpec &spec, const QString &jobId);

/// The form from the line again: `base` with what the line says. Unsupported as parseDockerRun().
Result<JobSpec> readDocker(const QByteArray &text, JobSpec base);

/// The line after the form went from `before` to `after`: what has not changed stays, as its words
/// are.
Result<QByteArray> editDocker(const QByteArray &text, const JobSpec &before, const JobSpec &after);

} // namespace pilothouse
