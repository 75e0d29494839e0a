// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/watcher.h"

#include "core/health/xids.h"

#include <algorithm>
#include <cmath>

namespace pilothouse {

static constexpr double underLoad = 0.5; // busy at least so much: the clock means something
static constexpr double loadSeconds = 10; // time constant of that mean

HealthWatcher::HealthWatcher(RuleSubject subject)
    : m_isGpu(subject == RuleSubject::Gpu)
{
    for (const HealthRule &rule : healthRules()) {
        if (rule.subject == subject)
            m_states.push_back(State{&rule});
    }
}

bool HealthWatcher::update(qint64 time, const Reader &read, double peerClock)
{
    if (m_time != 0 && time <= m_time)
        return false;
    const double seconds = m_time == 0 ? 0 : double(time - m_time) / 1000;
    m_time = time;
    if (m_isGpu)
        followLoad(read("gpu_busy_ratio"), seconds);
    bool changed = false;
    for (State &state : m_states) {
        if (state.rule->test == RuleTest::Reported)
            continue;
        double value = read(state.rule->metric);
        if (state.rule->test == RuleTest::Exceeds)
            value -= read(state.rule->other);
        const bool bad = isBad(state, value, seconds, peerClock);
        changed = step(state, time, bad, value) || changed;
    }
    if (m_isGpu)
        changed = watchXids(time, read) || changed;
    return changed;
}

void HealthWatcher::expect()
{
    for (State &state : m_states)
        state.known = state.known || state.rule->test == RuleTest::Absent;
}

void HealthWatcher::forget(const char *rule)
{
    for (State &state : m_states) {
        if (qstrcmp(state.rule->id, rule) == 0)
            state = State{state.rule};
    }
    drop(QString::fromLatin1(rule));
}

bool HealthWatcher::isUnderLoad() const
{
    return m_load >= underLoad;
}

void HealthWatcher::followLoad(double busy, double seconds)
{
    if (!std::isfinite(busy))
        m_load = 0;
    else if (seconds <= 0)
        m_load = busy;
    else
        m_load += (busy - m_load) * (1 - std::exp(-seconds / loadSeconds));
}

// What still counts of a growth that came over so many ms, evenly as far as one knows. Where one
// is too many (limit 1), when it came does not matter.
static double remembered(const HealthRule &rule, double growth, qint64 ms)
{
    const double times = double(ms) / 1000 / rule.holdSeconds;
    return rule.limit > 1 ? growth * -std::expm1(-times) / times : growth;
}

bool HealthWatcher::isBad(State &state, double value, double seconds, double peerClock)
{
    const HealthRule &rule = *state.rule;
    switch (rule.test) {
    case RuleTest::Above:
    case RuleTest::Exceeds:
        return value >= rule.limit; // false for NaN
    case RuleTest::Falls:
        state.known = state.known || value >= rule.limit;
        return state.known && (value < rule.limit || (state.active && std::isnan(value)));
    case RuleTest::Bits:
        return std::isfinite(value) && (quint64(value) & quint64(rule.limit)) != 0;
    case RuleTest::Absent:
        state.known = state.known || std::isfinite(value); // never had it: not supported
        return state.known && !std::isfinite(value);
    case RuleTest::BelowPeers:
        return isUnderLoad() && peerClock > 0 && value < rule.limit * peerClock;
    case RuleTest::Grows: {
        state.level *= std::exp(-seconds / rule.holdSeconds);
        if (!std::isfinite(value))
            return state.active && state.level >= rule.limit / 4;
        // A smaller counter has started anew.
        if (state.known && value > state.before)
            state.level += remembered(rule, value - state.before, m_time - state.beforeTime);
        state.before = value;
        state.beforeTime = m_time;
        state.known = true;
        return state.level >= (state.active ? rule.limit / 4 : rule.limit);
    }
    case RuleTest::Reported:
        break;
    }
    return false;
}

static QString rawOf(const HealthRule &rule, double value)
{
    QString name = QString::fromLatin1(rule.metric);
    if (!std::isfinite(value))
        return name + QStringLiteral(" absent");
    if (rule.test == RuleTest::Exceeds)
        name += QStringLiteral(" - ") + QString::fromLatin1(rule.other);
    return name + QStringLiteral(" = ")
        + (rule.test == RuleTest::Bits ? QStringLiteral("0x") + QString::number(quint64(value), 16)
                                       : QString::number(value, 'g', 12));
}

bool HealthWatcher::step(State &state, qint64 time, bool bad, double value)
{
    const HealthRule &rule = *state.rule;
    if (!bad) {
        state.badSince = 0;
        if (!state.active)
            return false;
        if (state.goodSince == 0)
            state.goodSince = time;
        if (time - state.goodSince < qint64(rule.clearSeconds) * 1000)
            return false;
        state.active = false;
        return drop(QString::fromLatin1(rule.id));
    }
    state.goodSince = 0;
    if (state.badSince == 0)
        state.badSince = time;
    const qint64 hold = rule.test == RuleTest::Grows ? 0 : qint64(rule.holdSeconds) * 1000;
    if (!state.active && time - state.badSince < hold)
        return false;
    const QString id = QString::fromLatin1(rule.id);
    const bool fresh = !state.active;
    state.active = true;
    const auto known = std::find_if(m_findings.begin(), m_findings.end(),
        [&](const HealthFinding &finding) { return finding.rule == id; });
    if (!fresh && known != m_findings.end()) {
        known->lastSeen = time;
        return false;
    }
    put({id, rule.verdict, rawOf(rule, value), state.badSince, time});
    return true;
}

bool HealthWatcher::watchXids(qint64 time, const Reader &read)
{
    bool changed = false;
    for (qsizetype i = m_findings.size() - 1; i >= 0; --i) {
        const HealthFinding &finding = m_findings.at(i);
        if (finding.rule.startsWith(QLatin1String("xid-")) && time - finding.lastSeen > xidKeptMs) {
            m_findings.removeAt(i);
            changed = true;
        }
    }
    const double count = read("gpu_xid_errors"), last = read("gpu_xid_last");
    if (!std::isfinite(count))
        return changed;
    const bool grew = m_xids >= 0 && count > m_xids;
    m_xids = count;
    if (!grew || !std::isfinite(last))
        return changed;
    auto &ahead = m_ahead[int(last)];
    if (ahead++ < 0) // a line has told of it
        return changed;
    noteXid(int(last), 1, time, {});
    return true;
}

bool HealthWatcher::hearXid(int number, int times, qint64 time, const QString &line)
{
    constexpr qsizetype mostNumbers = 256; // there are fewer
    if (number < 0 || number > 1023 || (m_ahead.size() >= mostNumbers && !m_ahead.contains(number)))
        return false;
    auto &ahead = m_ahead[number];
    const int counted = std::clamp(ahead, 0, times);
    ahead -= times;
    return noteXid(number, times - counted, time, line);
}

// `times` = 0: it is known, and here is its line.
bool HealthWatcher::noteXid(int number, int times, qint64 time, const QString &line)
{
    const XidMeaning meaning = xidMeaning(number);
    const QString id = QStringLiteral("xid-%1").arg(number);
    const auto known = std::find_if(m_findings.begin(), m_findings.end(),
        [&](const HealthFinding &finding) { return finding.rule == id; });
    if (known != m_findings.end()) {
        known->lastSeen = std::max(known->lastSeen, time);
        known->times += times;
        if (!line.isEmpty())
            known->raw = line;
        return false;
    }
    put({id, meaning.verdict, line.isEmpty() ? QStringLiteral("Xid %1").arg(number) : line, time,
        time, std::max(1, times)});
    return true;
}

void HealthWatcher::put(HealthFinding finding)
{
    drop(finding.rule);
    const auto place = std::upper_bound(m_findings.begin(), m_findings.end(), finding,
        [](const HealthFinding &a, const HealthFinding &b) { return a.verdict > b.verdict; });
    m_findings.insert(place, std::move(finding));
}

bool HealthWatcher::drop(const QString &rule)
{
    return m_findings.removeIf([&](const HealthFinding &one) { return one.rule == rule; }) > 0;
}

void HealthWatcher::acknowledgeXids()
{
    m_findings.removeIf(
        [](const HealthFinding &one) { return one.rule.startsWith(QLatin1String("xid-")); });
}

} // namespace pilothouse
