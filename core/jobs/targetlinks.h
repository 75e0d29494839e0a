// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/link.h"

#include <QObject>
#include <QStringList>

#include <memory>

namespace pilothouse {

class Workspace;

/// The links of all targets, as the job service sees them. Main thread.
class TargetLinks : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;
    virtual QStringList targets() const = 0;
    virtual QString name(const QString &target) const = 0; ///< as shown; the id when unknown
    virtual std::shared_ptr<const Link> link(const QString &target) const = 0; ///< null = none

Q_SIGNALS:
    void linkChanged(const QString &target);
};

/// Of a workspace, which must outlive it.
std::unique_ptr<TargetLinks> workspaceLinks(Workspace *workspace);

} // namespace pilothouse
