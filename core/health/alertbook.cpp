// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/alertbook.h"

#include "core/health/rules.h"
#include "core/health/xids.h"

#include <algorithm>

namespace pilothouse {

const Alert *AlertBook::find(const QString &id) const
{
    const auto place = std::find_if(
        m_alerts.begin(), m_alerts.end(), [&](const Alert &one) { return one.id == id; });
    return place == m_alerts.end() ? nullptr : &*place;
}

Alert *AlertBook::find(const QString &id)
{
    return const_cast<Alert *>(std::as_const(*this).find(id));
}

void AlertBook::restore(std::vector<Alert> alerts)
{
    m_alerts = std::move(alerts);
    for (const Alert &alert : m_alerts) {
        if (alert.endedAt == 0)
            m_restored[alert.target].insert(alert.id);
    }
}

bool AlertBook::settle(const Alert &alert)
{
    m_goodSince.remove(alert.id);
    m_unjudgedSince.remove(alert.id);
    const auto place = m_restored.find(alert.target);
    if (place == m_restored.end() || !place->remove(alert.id))
        return false;
    if (place->isEmpty())
        m_restored.erase(place);
    return true;
}

static bool isXid(const QString &rule)
{
    return rule.startsWith(QLatin1String("xid-"));
}

/// A finding counts from when the rules saw it first in this run. What comes back, and an XID that
/// comes after a restart, is new: an XID is an event. Other rules find what was there before.
int AlertBook::timesBefore(const Alert &alert, const HealthFinding &finding, bool again, bool found)
{
    // An agent tells its last kernel lines again to whom connects: those were counted.
    const bool later = isXid(alert.rule) && finding.since > alert.lastSeen + 1000;
    if (again || (found && later))
        m_timesBefore[alert.id] = alert.times;
    else if (found)
        m_timesBefore[alert.id] = std::max(0, alert.times - finding.times);
    return m_timesBefore.value(alert.id);
}

// Of an alert that does not hold as far as the rules know.
bool AlertBook::isOver(const Alert &alert, qint64 now, const Judged &judged)
{
    if (!m_restored.value(alert.target).contains(alert.id))
        return true;
    if (!judged)
        return false;
    if (isXid(alert.rule))
        return now - alert.lastSeen > xidKeptMs;
    if (!judged(alert.device, alert.rule)) {
        m_goodSince.remove(alert.id);
        auto &since = m_unjudgedSince[alert.id];
        if (since == 0)
            since = now;
        return now - since >= goneMs;
    }
    m_unjudgedSince.remove(alert.id);
    // The rules of this run have not seen it begin: they get the time to find it.
    const auto *rule = healthRule(alert.rule);
    const qint64 seconds
        = rule != nullptr ? std::min(rule->holdSeconds, 300) + rule->clearSeconds + 30 : 60;
    auto &since = m_goodSince[alert.id];
    if (since == 0)
        since = now;
    return now - since >= seconds * 1000;
}

AlertBook::Change AlertBook::take(const QString &target, const QString &nodeName,
    const QList<HeldFinding> &held, qint64 now, const Judged &judged)
{
    Change change;
    QSet<QString> holding; // ids
    QSet<QString> worse; // devices on which something came or grew
    for (const HeldFinding &one : held) {
        const HealthFinding &finding = one.finding;
        const auto same = [&](const Alert &alert) {
            return alert.target == target && alert.device == one.device
                && alert.rule == finding.rule
                && (alert.endedAt == 0 || now - alert.endedAt <= sameAgainMs);
        };
        const auto place = std::find_if(m_alerts.rbegin(), m_alerts.rend(), same);
        if (place == m_alerts.rend()) {
            Alert alert;
            alert.id = alertId(target, one.device, finding.rule, finding.since);
            if (find(alert.id) != nullptr) // one that ended began at the same moment
                alert.id = alertId(target, one.device, finding.rule, now);
            alert.target = target;
            alert.device = one.device;
            alert.nodeName = nodeName;
            alert.deviceName = one.deviceName.isEmpty() ? one.device.left(12) : one.deviceName;
            alert.rule = finding.rule;
            alert.verdict = finding.verdict;
            alert.raw = finding.raw;
            alert.times = finding.times;
            alert.since = finding.since;
            alert.lastSeen = finding.lastSeen;
            change.raised << alert.id;
            change.changed << alert.id;
            holding.insert(alert.id);
            worse.insert(one.device);
            m_alerts.push_back(std::move(alert));
            continue;
        }
        Alert &alert = *place;
        const Alert before = alert;
        const bool again = alert.endedAt != 0;
        const bool found = settle(alert);
        alert.nodeName = nodeName;
        alert.deviceName = one.deviceName.isEmpty() ? alert.deviceName : one.deviceName;
        alert.verdict = finding.verdict;
        alert.raw = finding.raw;
        alert.lastSeen = finding.lastSeen;
        alert.endedAt = 0;
        alert.times = timesBefore(before, finding, again, found) + finding.times;
        if (again || alert.times > before.times || alert.verdict > before.verdict)
            worse.insert(one.device);
        holding.insert(alert.id);
        if (again)
            change.raised << alert.id;
        // When it was last seen moves with each sample and is no news.
        Alert comparable = before;
        comparable.lastSeen = alert.lastSeen;
        if (!(comparable == alert))
            change.changed << alert.id;
    }
    for (Alert &alert : m_alerts) {
        if (alert.target != target || alert.endedAt != 0)
            continue;
        if (alert.snoozedUntil == Alert::untilChange && worse.contains(alert.device)) {
            alert.snoozedUntil = 0;
            change.woken << alert.id;
            if (!change.changed.contains(alert.id))
                change.changed << alert.id;
        }
        if (holding.contains(alert.id) || !isOver(alert, now, judged))
            continue;
        alert.endedAt = now;
        settle(alert);
        change.changed << alert.id;
    }
    return change;
}

AlertBook::Change AlertBook::keepOnly(const QSet<QString> &targets, qint64 now)
{
    Change change;
    for (Alert &alert : m_alerts) {
        if (alert.endedAt != 0 || targets.contains(alert.target))
            continue;
        alert.endedAt = now;
        settle(alert);
        change.changed << alert.id;
    }
    return change;
}

QStringList AlertBook::expire(qint64 now)
{
    QStringList gone;
    std::size_t ended = std::size_t(std::count_if(
        m_alerts.begin(), m_alerts.end(), [](const Alert &one) { return one.endedAt != 0; }));
    std::erase_if(m_alerts, [&](const Alert &one) {
        if (one.endedAt == 0 || (now - one.endedAt <= keptMs && ended <= mostKept))
            return false;
        --ended;
        m_timesBefore.remove(one.id);
        gone << one.id;
        return true;
    });
    return gone;
}

} // namespace pilothouse
