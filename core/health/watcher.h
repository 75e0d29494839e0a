// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/health/rules.h"

#include <QHash>

#include <functional>
#include <vector>

namespace pilothouse {

/// Watches one GPU, interface or node through the rules of its kind. Plain data and arithmetic: no
/// clock, no I/O; a few dozen bytes a rule. Times are Unix ms and go forward.
class HealthWatcher {
public:
    /// The value of a metric now, NaN = absent.
    using Reader = std::function<double(const char *metric)>;

    explicit HealthWatcher(RuleSubject subject);

    /// One moment. `peerClock`: what its peers under load are clocked at (PeerClocks), NaN = there
    /// are too few. Call it only while the node itself is heard. True when the findings changed.
    bool update(qint64 time, const Reader &read, double peerClock = 0);
    /// Of a GPU: busy in the mean over some seconds, so that its clock means something. A training
    /// step dips for parts of a second, which one sample may hit.
    bool isUnderLoad() const;
    /// The node lists this device: what it never gave is missing, not unsupported.
    void expect();
    /// As if a rule had never seen anything; its finding goes.
    void forget(const char *rule);
    /// What holds now, the worst first.
    const QList<HealthFinding> &findings() const { return m_findings; }
    HealthVerdict verdict() const { return worstVerdict(m_findings); }
    /// A line of the kernel about an XID. It and the counter tell of the same events in either
    /// order, so each is counted once. True when it is a finding that did not hold before.
    bool hearXid(int number, int times, qint64 time, const QString &line);
    /// Forgets XIDs, which nothing takes back but a person or an hour.
    void acknowledgeXids();

private:
    struct State {
        const HealthRule *rule;
        qint64 badSince = 0, goodSince = 0; // 0 = it is not
        double before = 0, level = 0; // of Grows: the counter, what counts of its growth
        qint64 beforeTime = 0; // when the counter was read
        bool known = false, active = false;
    };
    bool isBad(State &state, double value, double seconds, double peerClock);
    void followLoad(double busy, double seconds);
    bool step(State &state, qint64 time, bool bad, double value);
    bool watchXids(qint64 time, const Reader &read);
    bool noteXid(int number, int times, qint64 time, const QString &line);
    void put(HealthFinding finding);
    bool drop(const QString &rule);

    std::vector<State> m_states;
    const bool m_isGpu;
    qint64 m_time = 0;
    double m_load = 0; // mean share of time that it is busy
    double m_xids = -1; // the counter; < 0 = not seen yet
    QHash<int, int> m_ahead; // by XID: what the counter told and no line yet; < 0: the other way
    QList<HealthFinding> m_findings;
};

} // namespace pilothouse
