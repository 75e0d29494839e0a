// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/types/engine.h"
#include "core/types/jobspec.h"

namespace pilothouse {

/// A Job (batch/v1) as YAML; with a headless Service in front of it where several nodes have to
/// find each other (an Indexed Job then), and a ConfigMap where there is a script. Our id is a
/// label and in the name. An edited text gets the id and is else kept byte for byte. BadInput
/// without an image.
Result<RenderedJob> renderKubernetes(const JobSpec &spec, const QString &jobId);

/// What of a spec a Kubernetes Job cannot say, one sentence each.
QStringList kubernetesNotes(const JobSpec &spec);

/// A manifest as a job: the first Job or Pod in it. `texts["kubernetes"]` are its bytes.
struct KubernetesImport {
    JobSpec spec;
    QStringList notes; ///< what the form does not show of it; it is in the text all the same
};
Result<KubernetesImport> importKubernetes(const QByteArray &text);

/// Whether a text is a manifest at all, by its first lines.
bool looksLikeKubernetes(const QByteArray &text);

/// The form from the text again: what renderKubernetes() wrote, or a manifest of the user's.
Result<KubernetesImport> readKubernetes(const QByteArray &text);

/// The text after the form went from `before` to `after`: only the lines of what has changed are
/// touched. `notes` are the fields that stay as they were, since the text cannot be changed there.
struct KubernetesEdit {
    QByteArray text;
    QStringList notes;
};
Result<KubernetesEdit> editKubernetes(
    const QByteArray &text, const JobSpec &before, const JobSpec &after);

} // namespace pilothouse
