// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/feed/targetfeed.h"

#include <QHash>
#include <QSet>

namespace pilothouse {

class TelemetryService;
class Workspace;

/// The live workspace. Sessions are looked at once they were opened; before that a target shows
/// what was remembered of it, with its age, and nothing is contacted.
class WorkspaceFeed : public TargetFeed {
    Q_OBJECT

public:
    /// `telemetry` may be null.
    WorkspaceFeed(Workspace *workspace, TelemetryService *telemetry, QObject *parent = nullptr);
    QList<TargetStatus> targets() const override;
    std::optional<TargetStatus> status(const QString &id) const override;
    qint64 now() const override;
    std::shared_ptr<const Link> link(const QString &id) const override;
    std::optional<KnownFacts> facts(const QString &id) const override;
    Task<Result<QList<Process>>> processes(Context context, QString id) override;
    void askWhyQuiet(const QString &id, qint64 age) override;

private:
    TargetStatus statusOf(const Target &target) const;
    TargetStatus recalled(const Target &target) const;
    static void readStored(const std::pair<QByteArray, qint64> &stored, TargetStatus &status);
    void remember(const QString &id);
    void sessionChanged(const QString &id);
    void askAgain(const QString &id);
    NodeFacts nodeFacts(const QString &id, const Link &link) const;

    Workspace *m_workspace;
    TelemetryService *m_telemetry;
    struct Heard {
        quint64 epoch = 0;
        NodeFacts facts;
    };
    QHash<QString, Heard> m_heard; ///< newer than what the handshake said
    QHash<QString, qint64> m_askedAt; ///< why a GPU is quiet; Unix ms
    mutable QHash<QString, TargetStatus> m_recalled; ///< read from the database once
};

} // namespace pilothouse
