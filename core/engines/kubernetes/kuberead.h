// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Private to core/engines/kubernetes
#pragma once

#include "core/base/error.h"
#include "core/yaml/yamlnode.h"

namespace pilothouse {

/// Which document of a text is the job.
struct KubePlace {
    int document = 0;
    bool isJob = true; ///< else a Pod
};
/// BadInput names what is there instead.
Result<KubePlace> findKubeJob(const std::vector<YamlNode> &documents);

} // namespace pilothouse
