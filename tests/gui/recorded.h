// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/targetlinks.h"
#include "views/acts/actport.h"
#include "views/feed/targetfeed.h"

#include <QHash>
#include <QJsonObject>
#include <QSet>

namespace pilothouse {

/// tests/fixtures/workspace/targets.json as a feed. The clock stands still.
class RecordedFeed : public TargetFeed {
    Q_OBJECT

public:
    explicit RecordedFeed(const QJsonObject &recording);
    QList<TargetStatus> targets() const override { return m_targets; }
    std::optional<TargetStatus> status(const QString &id) const override;
    qint64 now() const override { return m_now; }
    QString label() const override { return m_label; }
    std::shared_ptr<const Link> link(const QString &id) const override;
    std::optional<KnownFacts> facts(const QString &id) const override;
    Task<Result<QList<Process>>> processes(Context context, QString id) override;
    void askWhyQuiet(const QString &id, qint64) override { quiet << id; }
    void setLinks(const TargetLinks *links) { m_links = links; } ///< none without
    void replace(const QList<TargetStatus> &targets);

    QStringList quiet; ///< targets that were asked why a GPU of theirs is quiet

private:
    const TargetLinks *m_links = nullptr;
    QString m_label;
    qint64 m_now = 0;
    QList<TargetStatus> m_targets;
    QHash<QString, KnownFacts> m_facts;
    QHash<QString, QList<Process>> m_processes;
};

/// Acts that write down what was asked of them; a run ends when the test says so, or at once.
class RecordedActs : public ActPort {
    Q_OBJECT

public:
    explicit RecordedActs(const QJsonObject &recording);
    QList<ActInfo> acts() const override;
    Can can(const QString &act, const ActRequest &request) const override;
    bool needsTypedName(const QString &act, const ActRequest &request) const override;
    QString preview(const QString &act, const ActRequest &request) const override;
    Task<Result<QJsonObject>> run(Context context, QString act, ActRequest request) override;
    QList<Activity> activities() const override { return m_activities; }
    void cancel(const QString &activityId) override { cancelled << activityId; }

    QList<std::pair<QString, ActRequest>> runs;
    QStringList cancelled;
    QSet<QString> refused, guarded; ///< act ids
    std::optional<Error> failure; ///< of the next runs
    std::function<Can(const QString &act, const ActRequest &request)> judge; ///< else all allowed

private:
    QList<Activity> m_activities;
};

QJsonObject readRecording(const QString &file);

} // namespace pilothouse
