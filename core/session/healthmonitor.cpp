// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/healthmonitor.h"

#include "core/health/kernelevidence.h"
#include "core/health/watcher.h"
#include "core/health/xids.h"
#include "core/telemetry/store.h"

#include <QHash>
#include <QSet>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

namespace pilothouse {

static constexpr qint64 freshMs = 2500; // two periods and some way
static constexpr double absent = std::numeric_limits<double>::quiet_NaN();

struct HealthMonitor::Watched {
    QString device;
    RuleSubject subject;
    HealthWatcher watcher;
    QHash<QByteArray, SeriesId> series; // by metric
    bool heard = false; // a GPU that has given values
};

struct HealthMonitor::Node {
    bool outdated = true; // there may be series that were not looked at
    std::vector<std::unique_ptr<Watched>> watched;
    QList<HealthFinding> reported;
    QHash<QString, QString> trouble; // by device
    double gpusHeard = absent; // of a node with two or more
    KernelEvidence evidence;
};

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
        return absent;
    const auto latest = m_store->latest(*id);
    return latest && now - latest->time <= freshMs ? latest->value : absent;
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
        m_clocks.report(
            target, one->device, compared ? valueOf(*one, "gpu_sm_clock_hertz", now) : absent, now);
    }
    node.gpusHeard = gpus >= 2 ? double(heard) : absent;
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
            one->subject == RuleSubject::Gpu ? m_clocks.peersOf(target, one->device, now) : absent);
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

void HealthMonitor::report(const QString &target, const HealthFinding &finding)
{
    Node &node = nodeOf(target);
    const auto known = std::find_if(node.reported.begin(), node.reported.end(),
        [&](const HealthFinding &one) { return one.rule == finding.rule; });
    if (known != node.reported.end()) {
        const bool news = known->raw != finding.raw || known->verdict != finding.verdict;
        *known = finding;
        if (news)
            Q_EMIT changed(target);
        return;
    }
    node.reported << finding;
    Q_EMIT raised({target, {}, finding});
    Q_EMIT changed(target);
}

void HealthMonitor::withdraw(const QString &target, const QString &rule)
{
    Node &node = nodeOf(target);
    if (node.reported.removeIf([&](const HealthFinding &one) { return one.rule == rule; }) > 0)
        Q_EMIT changed(target);
}

HealthMonitor::Watched &HealthMonitor::gpuOf(Node &node, const QString &device)
{
    const auto place = std::find_if(node.watched.begin(), node.watched.end(),
        [&](const auto &one) { return one->device == device && one->subject == RuleSubject::Gpu; });
    if (place != node.watched.end())
        return **place;
    node.watched.push_back(std::make_unique<Watched>(
        Watched{device, RuleSubject::Gpu, HealthWatcher(RuleSubject::Gpu), {}}));
    return *node.watched.back();
}

void HealthMonitor::takeMessages(const QString &target, const std::vector<KernelMessage> &messages)
{
    Node &node = nodeOf(target);
    const qint64 now = std::max(m_store != nullptr ? m_store->newestTime(target) : 0,
        messages.empty() ? 0 : messages.back().at);
    bool anything = false;
    for (const KernelMessage &message : messages) {
        if (!node.evidence.add(message))
            continue;
        anything = true;
        if (now - message.at > xidKeptMs)
            continue; // may explain what holds, and raises nothing any more
        constexpr std::size_t mostWatched = 4096; // of a node: a hostile agent names any number
        if (message.xid > 0 && isGpuUuid(message.device) && node.watched.size() < mostWatched) {
            auto &gpu = gpuOf(node, message.device);
            const bool news
                = gpu.watcher.hearXid(message.xid, message.times, message.at, message.line);
            const auto held = gpu.watcher.findings();
            for (const HealthFinding &finding : held) {
                if (news && finding.rule == QStringLiteral("xid-%1").arg(message.xid))
                    Q_EMIT raised({target, message.device, finding});
            }
        } else if (const auto *rule = kernelRule(message)) {
            HealthFinding finding{QString::fromLatin1(rule->id), rule->verdict, message.line,
                message.at, message.at, message.times};
            const auto known = std::find_if(node.reported.begin(), node.reported.end(),
                [&](const HealthFinding &one) { return one.rule == finding.rule; });
            if (known != node.reported.end()) {
                finding.since = known->since;
                finding.times += known->times;
            }
            report(target, finding);
        }
    }
    if (anything)
        Q_EMIT changed(target);
}

// Nothing takes back what the kernel said but time.
void HealthMonitor::endOldMessages(const QString &target, qint64 now)
{
    QStringList over;
    for (const HealthFinding &one : std::as_const(nodeOf(target).reported)) {
        if (isKernelRule(one.rule) && now - one.lastSeen > xidKeptMs)
            over << one.rule;
    }
    for (const QString &rule : std::as_const(over))
        withdraw(target, rule);
}

void HealthMonitor::setTrouble(const QString &target, const QString &device, const QString &line)
{
    Node &node = nodeOf(target);
    auto &known = node.trouble[device];
    if (known == line)
        return;
    known = line;
    gpuOf(node, device).watcher.expect();
    const auto now = findings(target, device);
    if (std::any_of(now.begin(), now.end(),
            [](const HealthFinding &one) { return one.rule == QLatin1String("lost"); }))
        Q_EMIT changed(target);
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
