// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/nameinengine.h"

#include <QString>

#include <optional>

namespace pilothouse {

inline constexpr char kueueLabel[] = "kueue.x-k8s.io/queue-name";

/// A text for command, args and env, where Kubernetes puts variables in place of $(NAME): so that
/// the container gets it as it is.
QString kubernetesLiteral(const QString &text);
/// What the container gets of such a text; nothing when a $(NAME) in it means a variable.
std::optional<QString> kubernetesExpanded(const QString &text);

/// "team" is a namespace, "team/gpu" a namespace and a queue of Kueue in it, "/gpu" only that.
struct KubeQueue {
    QString space, queue;
    static KubeQueue of(const QString &text);
    QString text() const;
    bool possible() const; ///< as names of Kubernetes; empty ones are
};

} // namespace pilothouse
