// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/engine.h"

#include <memory>

namespace pilothouse {

/// The engines that were found on targets, as the job service sees them. Main thread.
class EngineSource : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;
    virtual QList<std::shared_ptr<Engine>> engines() const = 0;
    /// Null when there is no such engine now: not found, or its target is not connected.
    virtual std::shared_ptr<Engine> engine(const QString &kind, const QString &target) const = 0;

Q_SIGNALS:
    void enginesChanged(const QString &target);
};

} // namespace pilothouse
