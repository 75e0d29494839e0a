// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/healthnode.h"

#include "core/telemetry/store.h"

#include <QSet>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

namespace pilothouse {

static constexpr qint64 freshMs = 2500; // two periods and some way

HealthMonitor::HealthMonitor(TelemetryStore *store, QObject *parent)
    : QObject(parent)
    , m_store(store)
{
}

HealthMonitor::~HealthMonitor() = default;

HealthMonitor::Node &HealthMonitor::nodeOf(const QString &target)
{
    auto &node = m_nodes[target];
    if (!node)
        node = std::make_unique<Node>();
    return *node;
}

const HealthMonitor::Node *HealthMonitor::find(const QString &target) const
{
    const auto place = m_nodes.find(target);
    return place == m_nodes.end() ? nullptr : place->second.get();
}

void HealthMonitor::keepOnly(const QSet<QString> &targets)
{
    std::erase_if(m_nodes, [&](const auto &one) { return !targets.contains(one.first); });
    m_clocks.keepOnly(targets);
}

void HealthMonitor::setRanks(const QList<JobRank> &ranks)
{
    m_clocks.setRanks(ranks);
}

void HealthMonitor::setModel(const QString &target, const QString &device, const QString &model)
{
    m_clocks.setModel(target, device, model);
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
    if (key.metric == QLatin1String("mount_stale"))
        return RuleSubject::Mount;
    return std::nullopt;
}

// Links of these come and go as people like.
static bool isCasual(const QString &interface)
{
    static constexpr const char *prefixes[]
        = {"wl", "docker", "br-", "virbr", "tun", "wg", "ppp", "usb"};
    return std::any_of(std::begin(prefixes), std::end(prefixes),
        [&](const char *prefix) { return interface.startsWith(QLatin1String(prefix)); });
}

// Which series the rules read.
void HealthMonitor::learn(Node &node, const QString &target)
{
    if (!std::exchange(node.outdated, false))
        return;
    QSet<QByteArray> read{"gpu_busy_ratio", "gpu_sm_clock_hertz", "gpu_xid_errors", "gpu_xid_last"};
    for (const HealthRule &rule : healthRules()) {
        read.insert(rule.metric);
        read.insert(rule.other);
    }
    if (std::none_of(node.watched.begin(), node.watched.end(),
            [](const auto &one) { return one->subject == RuleSubject::Node; }))
        node.watched.push_back(std::make_unique<Watched>(
            Watched{{}, RuleSubject::Node, HealthWatcher(RuleSubject::Node), {}}));
    for (const SeriesId id : m_store->seriesOf(target)) {
        const auto described = m_store->describe(id);
        const auto subject = described ? subjectOf(described->key) : std::nullopt;
        const QByteArray metric = described ? described->key.metric.toLatin1() : QByteArray();
        if (!subject || !read.contains(metric))
            continue;
        const QString device = described->key.device;
        if (metric == "network_up" && isCasual(device))
            continue;
        const auto place = std::find_if(node.watched.begin(), node.watched.end(),
            [&](const auto &one) { return one->device == device && one->subject == *subject; });
        if (place == node.watched.end()) {
            node.watched.push_back(std::make_unique<Watched>(
                Watched{device, *subject, HealthWatcher(*subject), {{metric, id}}}));
        } else {
            (*place)->series.insert(metric, id);
        }
    }
}

double HealthMonitor::valueOf(const Watched &one, const char *metric, qint64 now) const
{
    const auto id
        = one.series.constFind(QByteArray::fromRawData(metric, qsizetype(std::strlen(metric))));
    if (id == one.series.cend())
        return noValue;
    const auto latest = m_store->latest(*id);
    return latest && now - latest->time <= freshMs ? latest->value : noValue;
}

void HealthMonitor::examine(const QString &target)
{
    Node &node = nodeOf(target);
    learn(node, target);
    const qint64 now = m_store->newestTime(target);
    int gpus = 0, heard = 0;
    for (const auto &one : node.watched) {
        if (one->subject != RuleSubject::Gpu)
            continue;
        const bool hears = std::isfinite(valueOf(*one, "gpu_temperature_celsius", now));
        one->heard = one->heard || hears;
        gpus += one->heard ? 1 : 0;
        heard += hears ? 1 : 0;
        const bool compared = one->watcher.isUnderLoad();
        m_clocks.report(target, one->device,
            compared ? valueOf(*one, "gpu_sm_clock_hertz", now) : noValue, now);
    }
    node.gpusHeard = gpus >= 2 ? double(heard) : noValue;
    // All at once is the driver, not eight cards.
    const bool driverSilent = gpus >= 2 && heard == 0;
    bool anything = false;
    for (const auto &one : node.watched) {
        if (driverSilent && one->subject == RuleSubject::Gpu)
            continue;
        const auto before = one->watcher.findings();
        const bool differs = one->watcher.update(
            now,
            [&](const char *metric) {
                return std::strcmp(metric, gpusHeard) == 0 ? node.gpusHeard
                                                           : valueOf(*one, metric, now);
            },
            one->subject == RuleSubject::Gpu ? m_clocks.peersOf(target, one->device, now)
                                             : noValue);
        if (!differs)
            continue;
        anything = true;
        const auto after = findingsOf(node, *one);
        for (const HealthFinding &finding : after) {
            const bool old = std::any_of(before.begin(), before.end(),
                [&](const HealthFinding &known) { return known.rule == finding.rule; });
            if (!old)
                Q_EMIT raised({target, one->device, finding});
        }
    }
    if (anything)
        Q_EMIT changed(target);
    endOldMessages(target, now);
    Q_EMIT examined(target);
}

bool HealthMonitor::canJudge(
    const QString &target, const QString &device, const QString &rule) const
{
    const auto *node = find(target);
    const auto *known = healthRule(rule);
    if (node == nullptr || known == nullptr || known->test == RuleTest::Reported)
        return node != nullptr;
    if (std::strcmp(known->metric, gpusHeard) == 0)
        return node->gpusHeard > 0;
    const auto place = std::find_if(node->watched.begin(), node->watched.end(),
        [&](const auto &one) { return one->device == device && one->subject == known->subject; });
    return place != node->watched.end()
        && std::isfinite(valueOf(**place, known->metric, m_store->newestTime(target)));
}

QList<HealthFinding> HealthMonitor::findingsOf(const Node &node, const Watched &one) const
{
    auto findings = one.watcher.findings();
    const QString trouble = node.trouble.value(one.device);
    for (HealthFinding &finding : findings) {
        if (finding.rule == QLatin1String("lost") && !trouble.isEmpty())
            finding.raw = trouble;
        const QString line = node.evidence.lineFor(finding.rule, one.device, finding.since);
        if (!line.isEmpty() && line != finding.raw)
            finding.raw += QLatin1Char('\n') + line;
    }
    return findings;
}

QList<HealthFinding> HealthMonitor::findings(const QString &target, const QString &device) const
{
    QList<HealthFinding> found;
    const auto *node = find(target);
    if (node == nullptr)
        return found;
    for (const auto &one : node->watched) {
        if (one->device == device)
            found << findingsOf(*node, *one);
    }
    if (device.isEmpty())
        found << node->reported;
    std::stable_sort(found.begin(), found.end(),
        [](const HealthFinding &a, const HealthFinding &b) { return a.verdict > b.verdict; });
    return found;
}

HealthVerdict HealthMonitor::verdict(const QString &target, const QString &device) const
{
    return worstVerdict(findings(target, device));
}

QList<HealthAlert> HealthMonitor::alertsOf(const QString &target) const
{
    QList<HealthAlert> all;
    const auto *node = find(target);
    if (node == nullptr)
        return all;
    for (const auto &one : node->watched) {
        const auto findings = findingsOf(*node, *one);
        for (const HealthFinding &finding : findings)
            all << HealthAlert{target, one->device, finding};
    }
    for (const HealthFinding &finding : node->reported)
        all << HealthAlert{target, {}, finding};
    return all;
}

QList<HealthAlert> HealthMonitor::alerts() const
{
    QList<HealthAlert> all;
    for (const auto &[target, node] : m_nodes)
        all << alertsOf(target);
    std::stable_sort(all.begin(), all.end(), [](const HealthAlert &a, const HealthAlert &b) {
        return a.finding.verdict != b.finding.verdict ? a.finding.verdict > b.finding.verdict
                                                      : a.finding.since > b.finding.since;
    });
    return all;
}

} // namespace pilothouse
