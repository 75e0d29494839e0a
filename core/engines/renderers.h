// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/types/engine.h"
#include "core/types/jobspec.h"

#include <span>

namespace pilothouse {

/// A file that came from elsewhere, as a job. Its bytes are in JobSpec::texts under the kind.
struct ImportedSpec {
    JobSpec spec;
    QString kind;
    QStringList notes; ///< what the form does not show of it
};

/// A text after the form has changed.
struct EditedText {
    QByteArray text;
    QStringList notes; ///< fields that could not be changed in it
};

/// What a kind of engine can do with a spec as text, without being there. A new kind is a line of
/// the table in renderers.cpp.
struct EngineText {
    const char *kind; ///< Engine::kind
    const char *title; ///< as shown: "Kubernetes"
    Result<RenderedJob> (*render)(const JobSpec &spec, const QString &jobId);
    /// The form from a text: `base` with what the text says.
    Result<JobSpec> (*readBack)(const QByteArray &text, const JobSpec &base, const QString &jobId);
    Result<EditedText> (*edit)(const QByteArray &text, const JobSpec &before, const JobSpec &after);
    bool (*looksLike)(
        const QByteArray &file); ///< whether `read` is for such a file; null = none is
    Result<ImportedSpec> (*read)(const QByteArray &file);
};

std::span<const EngineText> engineTexts();
const EngineText *engineText(const QString &kind); ///< null = no such kind

/// Finds out what a file is and reads it. BadInput when no kind knows it.
Result<ImportedSpec> importSpec(const QByteArray &file);

} // namespace pilothouse
