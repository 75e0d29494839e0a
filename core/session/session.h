// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/agentlink/deploy.h"
#include "core/session/link.h"
#include "core/transport/connector.h"
#include "core/types/prompter.h"
#include "core/types/stage.h"

#include <QList>

#include <functional>
#include <memory>

namespace pilothouse {

class SessionPrivate;

/// Puts the agent on a host that lacks it; set by core/acts so that it is an audited act.
/// Gives the installed path.
using Deployer = std::function<Task<Result<QString>>(Context context, Target target,
    std::shared_ptr<Transport> transport, HostProbe probe, AgentBinary binary, Progress progress)>;

/// Gets a transport up; connectTransport() unless somebody sets another.
using Connector = std::function<Task<Result<Connected>>(
    Context context, Target target, Prompter *prompter, StageSink report)>;

/// The connection state machine of one target: opens, keeps, reconnects with back-off and jitter
/// (1 s doubling to 60 s, +-25 %), and publishes the Link. Main thread; owned by Workspace.
class Session : public LinkSource {
    Q_OBJECT

public:
    Session(Target target, Prompter *prompter, QObject *parent = nullptr);
    ~Session() override;

    const Target &target() const;
    void setTarget(const Target &target); ///< takes effect with the next connection
    void setDeployer(Deployer deployer);
    void setConnector(Connector connector); ///< takes effect with the next connection
    TargetState state() const;
    std::shared_ptr<const Link> current() const override;
    QList<StageReport> stages() const; ///< of the running or last attempt
    bool tested() const; ///< stages() are those of a test
    std::optional<Error> error() const; ///< why it is Failed or Stale, or what the test met
    qint64 changedAt() const; ///< Unix ms of the last state change
    /// Node clock minus ours in ms as the last attempt found it, a test's too; only when over 2 s.
    std::optional<qint64> skewMs() const;
    qint64 nextAttemptAt() const; ///< Unix ms of the planned reconnect; 0 = none

    /// Connects and stays connected until disconnect(). Deploys the agent when missing unless
    /// target is read-only. Joins a running attempt; answers at once when connected.
    /// Stopping the context ends the attempt.
    Task<Result<std::shared_ptr<const Link>>> open(Context context);
    /// The same list of stages without deploying or starting anything, so the last two are
    /// skipped; ends the connection afterwards. error() is its result, state() stays (a Failed
    /// target that passes is NotOpened again).
    /// Conflict while a connection is open or being opened.
    Task<Result<QList<StageReport>>> test(Context context);
    void disconnect();
    void retryNow(); ///< when a reconnect is planned: now

Q_SIGNALS:
    void stateChanged();
    void stagesChanged();

private:
    std::shared_ptr<SessionPrivate> d;
};

} // namespace pilothouse
