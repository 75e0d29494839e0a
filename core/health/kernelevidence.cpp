// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/kernelevidence.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>

namespace pilothouse {

namespace {

/// Which messages explain which rule, the better ones first. `xids`: only these; empty = all.
struct Explains {
    const char *rule, *kind;
    std::initializer_list<int> xids;
};

const Explains *explanations(std::size_t &count)
{
    static const Explains table[] = {
        {"lost", "xid", {79}},
        {"lost", "xid", {}},
        {"lost", "pcie", {}},
        {"lost", "hung-task", {}},
        {"driver-silent", "hung-task", {}},
        {"driver-silent", "xid", {}},
        {"ecc-uncorrected", "xid", {48, 63, 64, 94, 95, 140}},
        {"ecc-corrected", "xid", {63, 64, 92}},
        {"remap-pending", "xid", {48, 63, 94, 95}},
        {"remap-failed", "xid", {64}},
        {"nvlink", "xid", {74}},
        {"nvlink", "nvlink", {}},
        {"pcie", "pcie", {}},
        {"receive-errors", "nic", {}},
        {"transmit-errors", "nic", {}},
        {"link-down", "nic", {}},
        {"stale-mount", "network-filesystem", {}},
        {"blocked", "network-filesystem", {}},
        {"blocked", "hung-task", {}},
        {"stuck", "network-filesystem", {}},
        {"stuck", "hung-task", {}},
        {"hung", "hung-task", {}},
        {"hung", "network-filesystem", {}},
        {"memory", "oom", {}},
    };
    count = std::size(table);
    return table;
}

/// Whether a message of a kind can be of this device at all.
bool concerns(const KernelMessage &message, const QString &device)
{
    const bool named = message.kind == QLatin1String("xid")
        || message.kind == QLatin1String("nvlink") || message.kind == QLatin1String("pcie")
        || message.kind == QLatin1String("nic");
    // Of a node, or of a mount whose server the message names: any.
    return device.isEmpty() || !named || message.device == device;
}

} // namespace

bool KernelEvidence::add(const KernelMessage &message)
{
    const bool known = std::any_of(m_messages.begin(), m_messages.end(), [&](const auto &one) {
        return one.kernelUs == message.kernelUs && one.line == message.line;
    });
    if (known)
        return false;
    m_messages.push_back(message);
    if (m_messages.size() > mostKept)
        m_messages.pop_front();
    return true;
}

QString KernelEvidence::lineFor(const QString &rule, const QString &device, qint64 since) const
{
    std::size_t count = 0;
    const auto *table = explanations(count);
    for (std::size_t i = 0; i < count; ++i) {
        const Explains &one = table[i];
        if (rule != QLatin1String(one.rule))
            continue;
        const bool ever = rule == QLatin1String("lost") && qstrcmp(one.kind, "xid") == 0;
        const auto place = std::find_if(
            m_messages.rbegin(), m_messages.rend(), [&](const KernelMessage &said) {
                return said.kind == QLatin1String(one.kind) && concerns(said, device)
                    && (ever || said.at >= since - causeMs)
                    && (one.xids.size() == 0
                        || std::find(one.xids.begin(), one.xids.end(), said.xid) != one.xids.end());
            });
        if (place != m_messages.rend())
            return place->line;
    }
    return {};
}

const HealthRule *kernelRule(const KernelMessage &message)
{
    const auto says = [&](const char *words) {
        return message.line.contains(QLatin1String(words), Qt::CaseInsensitive);
    };
    // What counters count, and which a rule watches, needs no second alert.
    const bool gpu = isGpuUuid(message.device)
        && !(message.kind == QLatin1String("pcie") && !says(" corrected") && !says("=corrected"));
    const bool interface = message.kind == QLatin1String("nic") && !message.device.isEmpty()
        && !message.device.contains(QLatin1Char(':')) && !says("timed out") && !says("timeout")
        && !says("compromised");
    if (gpu || interface)
        return nullptr;
    return healthRule(QStringLiteral("kernel-") + message.kind);
}

bool isKernelRule(const QString &rule)
{
    return rule.startsWith(QLatin1String("kernel-"));
}

} // namespace pilothouse
