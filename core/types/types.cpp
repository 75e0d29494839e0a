// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/types/engine.h"
#include "core/types/job.h"
#include "core/types/partition.h"
#include "core/types/target.h"

#include <array>

namespace pilothouse {

static constexpr std::array jobStates{
    "queued", "running", "succeeded", "failed", "cancelled", "lost", "unknown"};

QString jobStateName(JobState state)
{
    return QString::fromLatin1(jobStates[std::size_t(state)]);
}

std::optional<JobState> jobStateFromName(const QString &name)
{
    for (std::size_t i = 0; i < jobStates.size(); ++i) {
        if (name == QLatin1String(jobStates[i]))
            return JobState(i);
    }
    return std::nullopt;
}

bool jobEnded(JobState state)
{
    return state == JobState::Succeeded || state == JobState::Failed || state == JobState::Cancelled
        || state == JobState::Lost;
}

QString partitionName(const Device &device, const QList<Device> &all)
{
    if (device.parent.isEmpty())
        return {};
    // "NVIDIA H100 80GB HBM3 MIG 1g.10gb"
    const auto profileOf = [](const Device &one) {
        const auto at = one.name.indexOf(QLatin1String("MIG "));
        return at < 0 ? QStringLiteral("MIG") : one.name.mid(at + 4).trimmed();
    };
    const QString profile = profileOf(device);
    int number = 1;
    for (const Device &other : all) {
        if (other.uuid == device.uuid)
            break;
        number += other.parent == device.parent && profileOf(other) == profile;
    }
    return number == 1 ? profile : QStringLiteral("%1 (%2)").arg(profile).arg(number);
}

QString protectionName(Protection protection)
{
    static constexpr std::array names{"open", "protected", "read_only"};
    return QString::fromLatin1(names[std::size_t(protection)]);
}

QString transportName(TransportChoice choice)
{
    static constexpr std::array names{"automatic", "libssh", "openssh"};
    return QString::fromLatin1(names[std::size_t(choice)]);
}

QString targetStateName(TargetState state)
{
    static constexpr std::array names{"not_opened", "connecting", "connected", "stale", "failed"};
    return QString::fromLatin1(names[std::size_t(state)]);
}

QString whyCategoryName(WhyCategory category)
{
    static constexpr std::array names{"unknown", "running", "starting", "resources", "too_large",
        "priority", "limit", "dependency", "held", "time", "nodes", "image", "denied",
        "out_of_memory", "timed_out", "node_failed", "preempted", "program", "cancelled"};
    static_assert(names.size() == std::size_t(WhyCategory::Cancelled) + 1);
    return QString::fromLatin1(names[std::size_t(category)]);
}

QString jobVerbName(JobVerb verb)
{
    static constexpr std::array names{
        "cancel", "hold", "release", "requeue", "suspend", "resume", "set_priority", "extend_time"};
    return QString::fromLatin1(names[std::size_t(verb)]);
}

} // namespace pilothouse
