// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/healthmonitor.h"

#include "core/health/watcher.h"
#include "core/telemetry/store.h"

#include <QHash>
#include <QSet>

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

namespace pilothouse {

static constexpr qint64 freshMs = 2500; // two periods and some way
static constexpr double underLoad = 0.5;
static constexpr std::size_t leastPeers = 3;
static constexpr double absent = std::numeric_limits<double>::quiet_NaN();

struct HealthMonitor::Watched {
    QString device;
    RuleSubject subject;
    HealthWatcher watcher;
    QHash<QByteArray, SeriesId> series; // by metric
    QSet<QString> acknowledged; // rules
};

struct HealthMonitor::Node {
    QString target;
    bool outdated = true; // there may be series that were not looked at
    std::vector<std::unique_ptr<Watched>> watched;
};

HealthMonitor::HealthMonitor(TelemetryStore *store, QObject *parent)
    : QObject(parent)
    , m_store(store)
{
}

HealthMonitor::~HealthMonitor() = default;

HealthMonitor::Node &HealthMonitor::nodeOf(const QString &target)
{
    for (auto &node : m_nodes) {
        if (node->target == target)
            return *node;
    }
    m_nodes.push_back(std::make_unique<Node>());
    m_nodes.back()->target = target;
    return *m_nodes.back();
}

void HealthMonitor::forgetCatalogue(const QString &target)
{
    nodeOf(target).outdated = true;
}

static std::optional<RuleSubject> subjectOf(const SeriesKey &key)
{
    if (key.device.isEmpty())
        return RuleSubject::Node;
    if (key.metric.startsWith(QLatin1String("gpu_")))
        return RuleSubject::Gpu;
    if (key.metric.startsWith(QLatin1String("network_")))
        return RuleSubject::Interface;
    return std::nullopt;
}

// Which series the rules read.
void HealthMonitor::learn(Node &node, const QString &target)
{
    if (!std::exchange(node.outdated, false))
        return;
    QSet<QByteArray> read{"gpu_busy_ratio", "gpu_sm_clock_hertz", "gpu_xid_errors", "gpu_xid_last"};
    for (const HealthRule &rule : healthRules())
        read.insert(rule.metric);
    for (const SeriesId id : m_store->seriesOf(target)) {
        const auto described = m_store->describe(id);
        const auto subject = described ? subjectOf(described->key) : std::nullopt;
        const QByteArray metric = described ? described->key.metric.toLatin1() : QByteArray();
        if (!subject || !read.contains(metric))
            continue;
        const QString device = described->key.device;
        const auto place = std::find_if(node.watched.begin(), node.watched.end(),
            [&](const auto &one) { return one->device == device && one->subject == *subject; });
        if (place == node.watched.end()) {
            node.watched.push_back(std::make_unique<Watched>(
                Watched{device, *subject, HealthWatcher(*subject), {{metric, id}}, {}}));
        } else {
            (*place)->series.insert(metric, id);
        }
    }
}

static double median(std::vector<double> values)
{
    const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

void HealthMonitor::examine(const QString &target)
{
    Node &node = nodeOf(target);
    learn(node, target);
    const qint64 now = m_store->newestTime(target);
    const auto value = [&](const Watched &one, const QByteArray &metric) {
        const auto id = one.series.constFind(metric);
        if (id == one.series.cend())
            return absent;
        const auto latest = m_store->latest(*id);
        return latest && now - latest->time <= freshMs ? latest->value : absent;
    };
    std::vector<std::pair<const Watched *, double>> clocks; // of those under load
    for (const auto &one : node.watched) {
        if (one->subject == RuleSubject::Gpu && value(*one, "gpu_busy_ratio") >= underLoad
            && value(*one, "gpu_sm_clock_hertz") > 0)
            clocks.emplace_back(one.get(), value(*one, "gpu_sm_clock_hertz"));
    }
    bool anything = false;
    for (const auto &one : node.watched) {
        std::vector<double> others;
        for (const auto &[who, clock] : clocks) {
            if (who != one.get())
                others.push_back(clock);
        }
        const auto before = one->watcher.findings();
        const bool differs = one->watcher.update(
            now,
            [&](const char *metric) {
                return value(*one, QByteArray::fromRawData(metric, qsizetype(std::strlen(metric))));
            },
            others.size() >= leastPeers ? median(std::move(others)) : absent);
        if (!differs)
            continue;
        anything = true;
        QSet<QString> held;
        for (const HealthFinding &finding : one->watcher.findings()) {
            held.insert(finding.rule);
            const bool old = std::any_of(before.begin(), before.end(),
                [&](const HealthFinding &known) { return known.rule == finding.rule; });
            if (!old)
                Q_EMIT raised({target, one->device, finding, false});
        }
        one->acknowledged.intersect(held);
    }
    if (anything)
        Q_EMIT changed(target);
}

QList<HealthFinding> HealthMonitor::findings(const QString &target, const QString &device) const
{
    QList<HealthFinding> found;
    for (const auto &node : m_nodes) {
        if (node->target != target)
            continue;
        for (const auto &one : node->watched) {
            if (one->device == device)
                found << one->watcher.findings();
        }
    }
    return found;
}

HealthVerdict HealthMonitor::verdict(const QString &target, const QString &device) const
{
    return worstVerdict(findings(target, device));
}

QList<HealthAlert> HealthMonitor::alerts() const
{
    QList<HealthAlert> all;
    for (const auto &node : m_nodes) {
        for (const auto &one : node->watched) {
            for (const HealthFinding &finding : one->watcher.findings())
                all << HealthAlert{
                    node->target, one->device, finding, one->acknowledged.contains(finding.rule)};
        }
    }
    std::stable_sort(all.begin(), all.end(), [](const HealthAlert &a, const HealthAlert &b) {
        return a.finding.verdict != b.finding.verdict ? a.finding.verdict > b.finding.verdict
                                                      : a.finding.since > b.finding.since;
    });
    return all;
}

void HealthMonitor::acknowledge(const QString &target, const QString &device, const QString &rule)
{
    for (const auto &node : m_nodes) {
        if (node->target != target)
            continue;
        for (const auto &one : node->watched) {
            if (one->device == device)
                one->acknowledged.insert(rule);
        }
    }
    Q_EMIT changed(target);
}

} // namespace pilothouse
