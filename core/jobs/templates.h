// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/job.h"

#include <QList>

namespace pilothouse {

/// A job to start from.
struct JobTemplate {
    QString id; ///< "selftest", "gputest", "shell", "python"
    QString title; ///< translated
    JobSpec spec;
};

/// In the order they are offered.
QList<JobTemplate> jobTemplates();

} // namespace pilothouse
