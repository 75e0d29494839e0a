// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of HealthMonitor that is told: by the node, its kernel and other observers.
#include "core/health/xids.h"
#include "core/session/healthnode.h"

#include <algorithm>

namespace pilothouse {

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

void HealthMonitor::setDevices(
    const QString &target, const QString &boot, const QList<Device> &devices)
{
    Node &node = nodeOf(target);
    for (const Device &device : devices) {
        if (device.trouble.isEmpty())
            node.trouble.remove(device.uuid);
    }
    const auto replaced = node.roster.list(boot, devices);
    for (const QString &device : replaced)
        forgetGpu(target, device);
}

QStringList HealthMonitor::missing(const QString &target) const
{
    const auto *node = find(target);
    return node == nullptr ? QStringList() : node->roster.missing();
}

void HealthMonitor::forgetGpu(const QString &target, const QString &device)
{
    Node &node = nodeOf(target);
    node.roster.forget(device);
    node.trouble.remove(device);
    std::erase_if(node.watched,
        [&](const auto &one) { return one->subject == RuleSubject::Gpu && one->device == device; });
    const auto gpus = std::count_if(
        node.watched.begin(), node.watched.end(), [](const auto &one) { return one->heard; });
    for (const auto &one : node.watched) {
        if (one->subject == RuleSubject::Node && gpus < 2)
            one->watcher.forget("driver-silent"); // a rule of nodes with two or more
    }
    Q_EMIT changed(target);
}

} // namespace pilothouse
