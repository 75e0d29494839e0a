// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Private to core/session.

#include "core/base/reply.h"
#include "core/session/session.h"

#include <QPointer>
#include <QTimer>

#include <stop_token>
#include <vector>

namespace pilothouse {

using LinkReply = Reply<std::shared_ptr<const Link>>;

/// State of a Session; running attempts share it, so that they may outlive the Session.
class SessionPrivate : public std::enable_shared_from_this<SessionPrivate> {
public:
    QPointer<Session> session;
    Target target;
    Prompter *prompter = nullptr;
    Deployer deployer;
    Connector connector = &connectTransport;

    TargetState state = TargetState::NotOpened;
    std::shared_ptr<const Link> link;
    std::shared_ptr<const NodeClock> clock; ///< of the last attempt
    QList<StageReport> stages;
    std::optional<Error> error;
    qint64 changedAt = 0, nextAttemptAt = 0;

    bool wanted = false; ///< stay connected
    bool attempting = false;
    bool tested = false; ///< the stages are of a test
    bool connectedBefore = false; ///< since the last disconnect: a lost link is then tried again
    quint64 generation = 0; ///< counts disconnects; an attempt of an older one is dropped
    int failures = 0; ///< in a row, for the back-off
    quint64 epoch = 0;
    std::stop_source stop;
    std::vector<LinkReply> waiters;
    QTimer retry;

    void setState(TargetState next);
    void put(const StageReport &report);
    void beginStages();
    void failStage(const Error &error);
    void publish(std::shared_ptr<const Link> next);
    void answer(const Result<std::shared_ptr<const Link>> &result);
    void lostEarly();
    void startAttempt();
    void attemptFailed(const Error &why);
    void linkLost(quint64 lostEpoch, const Error &why);
    void scheduleRetry();
};

/// Runs all stages up to the handshake. `deploy` false: looks only, and ends after the agent stage.
Task<Result<std::shared_ptr<Link>>> runAttempt(
    std::shared_ptr<SessionPrivate> d, Context context, bool deploy);
/// Waits for the first sample of a published link; its stage tells, the link stays either way.
Task<> awaitFirstSample(
    std::shared_ptr<SessionPrivate> d, std::shared_ptr<const Link> link, Context context);

} // namespace pilothouse
