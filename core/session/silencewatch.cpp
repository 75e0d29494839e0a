// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/silencewatch.h"

#include "core/base/units.h"
#include "core/health/rules.h"
#include "core/session/healthmonitor.h"
#include "core/session/workspace.h"

#include <QCoroTask>
#include <QDateTime>
#include <QTimer>

namespace pilothouse {

std::optional<HealthFinding> SilenceWatch::judge(const Heard &heard, qint64 now)
{
    if (heard.state == TargetState::NotOpened)
        return std::nullopt;
    // Connected and no sample yet: this process may not be the one that takes them.
    const qint64 began = heard.lastSample != 0 ? heard.lastSample : heard.failedAt;
    if (began == 0 || now - std::max(began, heard.connectedAt) < silentMs)
        return std::nullopt;
    const auto *rule = healthRule(QLatin1String(silentRule));
    HealthFinding finding;
    finding.rule = QLatin1String(silentRule);
    finding.verdict = rule->verdict;
    finding.since = began;
    finding.lastSeen = now;
    if (heard.error)
        finding.raw = heard.error->cause.isEmpty()
            ? heard.error->message
            : heard.error->message + QStringLiteral(" (") + heard.error->cause + QLatin1Char(')');
    if (finding.raw.isEmpty())
        finding.raw = heard.lastSample != 0
            ? QStringLiteral("last sample %1").arg(rfc3339(heard.lastSample))
            : QStringLiteral("no connection since %1").arg(rfc3339(began));
    return finding;
}

SilenceWatch::SilenceWatch(Workspace *workspace, HealthMonitor *monitor, QObject *parent)
    : QObject(parent)
    , m_workspace(workspace)
    , m_monitor(monitor)
{
    connect(monitor, &HealthMonitor::examined, this, [this](const QString &target) {
        m_samples[target] = QDateTime::currentMSecsSinceEpoch();
        takeTrouble(target);
    });
    connect(monitor, &HealthMonitor::raised, this, [this](const HealthAlert &alert) {
        if (alert.finding.rule == QLatin1String("lost"))
            askTrouble(alert.target, alert.device);
    });
    auto *timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, [this] { look(QDateTime::currentMSecsSinceEpoch()); });
    timer->start(5000);
}

void SilenceWatch::look(qint64 now)
{
    const auto opened = m_workspace->openedSessions();
    for (const auto &target : opened) {
        const auto *session = m_workspace->session(target);
        Heard heard;
        heard.state = session->state();
        heard.lastSample = m_samples.value(target);
        heard.failedAt = failedAt(target, *session);
        if (heard.state == TargetState::Connected)
            heard.connectedAt = session->changedAt();
        else
            heard.error = session->error();
        if (const auto finding = judge(heard, now))
            m_monitor->report(target, *finding);
        else
            m_monitor->withdraw(target, QLatin1String(silentRule));
    }
}

/// A reconnect that is under way changes nothing.
qint64 SilenceWatch::failedAt(const QString &target, const Session &session)
{
    const auto state = session.state();
    if (state == TargetState::Connected || state == TargetState::NotOpened)
        m_failures.remove(target);
    else if (state != TargetState::Connecting && !m_failures.contains(target))
        m_failures.insert(target, session.changedAt());
    return m_failures.value(target);
}

/// What the handshake said of devices.
void SilenceWatch::takeTrouble(const QString &target)
{
    const auto *session = m_workspace->session(target);
    const auto link = session != nullptr ? session->current() : nullptr;
    if (!link || m_epochs.value(target) == link->epoch)
        return;
    m_epochs[target] = link->epoch;
    m_monitor->setDevices(target, link->facts.bootId, link->facts.devices);
    for (const Device &device : link->facts.devices) {
        m_monitor->setModel(target, device.uuid, device.name);
        if (device.parent.isEmpty() && !device.trouble.isEmpty())
            m_monitor->setTrouble(target, device.uuid, device.trouble);
    }
}

void SilenceWatch::askTrouble(const QString &target, const QString &device)
{
    const auto *session = m_workspace->session(target);
    const auto link = session != nullptr ? session->current() : nullptr;
    if (!link || !link->agent)
        return;
    QCoro::connect(link->agent->hello(Context().within(std::chrono::seconds(10))), this,
        [this, target, device](const Result<NodeFacts> &facts) {
            if (!facts)
                return;
            for (const Device &one : facts->devices) {
                if (one.uuid == device && !one.trouble.isEmpty())
                    m_monitor->setTrouble(target, device, one.trouble);
            }
        });
}

} // namespace pilothouse
