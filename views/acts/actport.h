// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/acts/actrunner.h"

#include <QKeySequence>
#include <QObject>

namespace pilothouse {

/// What a view knows of an act.
struct ActInfo {
    QString id, title;
    QString undo; ///< "Cannot be undone.", or what undoes it
    QKeySequence shortcut;
    bool mutates = false, destructive = false;
};

/// The act table and its runner as views see them; pictures and tests bring their own.
class ActPort : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;
    virtual QList<ActInfo> acts() const = 0;
    virtual Can can(const QString &act, const ActRequest &request) const = 0;
    virtual bool needsTypedName(const QString &act, const ActRequest &request) const = 0;
    virtual QString preview(const QString &act, const ActRequest &request) const = 0;
    virtual Task<Result<QJsonObject>> run(Context context, QString act, ActRequest request) = 0;
    virtual QList<Activity> activities() const = 0; ///< newest first
    virtual void cancel(const QString &activityId) = 0;

    std::optional<ActInfo> find(const QString &act) const;

Q_SIGNALS:
    void activityChanged(const QString &activityId);
};

} // namespace pilothouse
