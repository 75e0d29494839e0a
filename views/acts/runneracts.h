// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/acts/actport.h"

namespace pilothouse {

/// The real act table through the process's ActRunner.
class RunnerActs : public ActPort {
    Q_OBJECT

public:
    explicit RunnerActs(ActRunner *runner, QObject *parent = nullptr);
    QList<ActInfo> acts() const override;
    Can can(const QString &act, const ActRequest &request) const override;
    bool needsTypedName(const QString &act, const ActRequest &request) const override;
    QString preview(const QString &act, const ActRequest &request) const override;
    Task<Result<QJsonObject>> run(Context context, QString act, ActRequest request) override;
    QList<Activity> activities() const override;
    void cancel(const QString &activityId) override;

private:
    ActRunner *m_runner;
};

} // namespace pilothouse
