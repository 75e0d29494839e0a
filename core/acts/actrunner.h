// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/acts/act.h"

#include <QObject>

#include <functional>
#include <memory>
#include <optional>

namespace pilothouse {

class ActRunnerPrivate;

/// One running or finished act, for the activity drawer.
struct Activity {
    QString id; ///< unique within the process
    QString act, title, target, preview;
    qint64 startedAt = 0, finishedAt = 0;
    qint64 done = 0, total = 0; ///< bytes or steps; total 0 = unknown
    QString note; ///< "uploading agent"
    std::optional<Error> error;
    bool running() const { return finishedAt == 0; }
};

/// The one door: protection check, audit row, run, audit result. Main thread. Acts that mutate
/// nothing leave no audit row. Deployments of connecting sessions and what the job service needs
/// for doubtful jobs come through here as well; make it when `services` is otherwise complete.
class ActRunner : public QObject {
    Q_OBJECT

public:
    explicit ActRunner(Services &services, QObject *parent = nullptr);
    ~ActRunner() override;

    /// Protection first (read-only refuses every act that mutates the target; protected wants
    /// typedName for destructive ones), then the act's own can().
    Can can(const QString &act, const ActRequest &request) const;
    /// True when typedName must be asked for.
    bool needsTypedName(const QString &act, const ActRequest &request) const;
    QString preview(const QString &act, const ActRequest &request) const;
    Task<Result<QJsonObject>> run(Context context, QString act, ActRequest request);

    QList<Activity> activities() const; ///< newest first, this process
    void cancel(const QString &activityId);
    /// What an act does, where the table's own run() is not it.
    using Work = std::function<Task<Result<QJsonObject>>(Context context, Permit permit)>;
    /// Called by acts while they run (Context::actId() is the activity's id).
    void progress(const QString &activityId, qint64 done, qint64 total, const QString &note = {});

Q_SIGNALS:
    void activityChanged(const QString &activityId);

private:
    Task<Result<QJsonObject>> perform(
        Context context, const Act *act, ActRequest request, Work work);
    void takeOverDeployment();
    void takeOverRemedies();
    std::shared_ptr<ActRunnerPrivate> d;
};

} // namespace pilothouse
