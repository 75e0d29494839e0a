// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Private to core/engines/kubernetes
#pragma once

#include "core/base/error.h"
#include "core/jobs/starters.h"
#include "core/yaml/yamledit.h"

namespace pilothouse {

/// One place in a manifest that the form knows, and what a spec puts there.
struct KubeField {
    YamlPath path; ///< below the Job
    std::optional<YamlNode> value; ///< nothing = it is not there
    bool edited = true; ///< follows the form in a text that is the user's
};

/// Where pod and container are in a Job (or Pod).
YamlPath kubePodPath(bool isJob);
YamlPath kubeContainerPath(bool isJob);

StarterPlace kubernetesPlace(const JobSpec &spec, const QString &jobId);

/// All fields of a Job (or Pod), in the order in which they are written, but not env. BadInput as
/// wrap().
Result<QList<KubeField>> kubernetesFields(const JobSpec &spec, const QString &jobId, bool isJob);

/// The elements of env: a map each, with name and value or valueFrom.
QList<YamlNode> kubernetesEnv(const JobSpec &spec);

} // namespace pilothouse
