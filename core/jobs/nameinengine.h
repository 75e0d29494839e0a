// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace pilothouse {

/// What a job is called where names are DNS labels (RFC 1123), as in Kubernetes and Docker: what is
/// left of its own name, then our id. Always the same for one job, begins with a letter, 53
/// characters at most, so that a pod's index still fits behind it.
QString nameInEngine(const QString &name, const QString &jobId);

/// Labels and annotations of ours.
inline constexpr char jobIdLabel[] = "pilothouse.dev/job";
inline constexpr char jobNameLabel[] = "pilothouse.dev/name";
inline constexpr char jobTasksLabel[] = "pilothouse.dev/tasks";

} // namespace pilothouse
