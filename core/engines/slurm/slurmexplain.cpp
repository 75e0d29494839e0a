// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/slurmjob.h"
#include "core/engines/slurm/slurmpools.h"
#include "core/engines/slurm/slurmreasons.h"
#include "core/engines/slurm/slurmvalues.h"
#include "core/engines/slurm/slurmwhy.h"

#include <QCoreApplication>

#include <algorithm>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("slurm", text);
}

/// Of an array: a task that waits, else one that failed.
static SlurmRecord recordToExplain(const QList<SlurmRecord> &records)
{
    for (const auto state :
        {JobState::Queued, JobState::Failed, JobState::Cancelled, JobState::Running}) {
        for (const auto &record : records) {
            if (slurmState(record.state) == state)
                return record;
        }
    }
    return records.front();
}

static SlurmGpus asked(const SlurmRecord &record)
{
    const auto gpus = slurmGpus(record.gres);
    return gpus.isEmpty() ? SlurmGpus() : gpus.front();
}

/// What the job asks of each node against what the nodes have: evidence, and whether it can never
/// fit.
static bool weighGpus(const SlurmCase &known, const SlurmRecord &record, Explanation &why)
{
    const SlurmGpus wanted = asked(record);
    if (wanted.count == 0 || known.nodes.isEmpty())
        return false;
    int most = 0;
    for (const auto &node : known.nodes) {
        int here = 0;
        for (const auto &gpus : slurmGpus(node.gres)) {
            if (wanted.type.isEmpty() || wanted.type == gpus.type)
                here += gpus.count;
        }
        most = std::max(most, here);
    }
    for (const auto &pool : slurmPools(known.nodes)) {
        if (!wanted.type.isEmpty() && pool.type != wanted.type)
            continue;
        why.evidence << Explanation::Evidence{QStringLiteral("sinfo"),
            QStringLiteral("GresUsed gpu:") + pool.type,
            tr("%1 of %2 in use, at most %3 free on one node")
                .arg(pool.used.value_or(0))
                .arg(pool.total.value_or(0))
                .arg(pool.largest.value_or(0))};
    }
    return wanted.count > most;
}

/// Those that wait in front of it, nearest first.
static QStringList ahead(const SlurmCase &known, const SlurmRecord &record)
{
    QList<SlurmRecord> before;
    for (const auto &other : known.waiting) {
        if (other.arrayId != record.arrayId && other.priority && record.priority
            && *other.priority > *record.priority && !other.reason.startsWith(u'J') // JobHeld...
            && other.reason != QLatin1String("Dependency")
            && other.reason != QLatin1String("BeginTime"))
            before << other;
    }
    std::stable_sort(
        before.begin(), before.end(), [](auto &a, auto &b) { return *a.priority < *b.priority; });
    QStringList lines;
    for (const auto &other : before.mid(0, 20))
        lines << QStringLiteral("%1 %2 (%3)").arg(other.id, other.name.left(80), other.user);
    return lines;
}

static void explainWaiting(const SlurmCase &known, const SlurmRecord &record, Explanation &why)
{
    why = explainSlurmReason(record.reason);
    why.evidence << Explanation::Evidence{known.source, QStringLiteral("Reason"),
        record.reason.isEmpty() ? QStringLiteral("None") : record.reason};
    if (!record.reasonText.isEmpty() && record.reasonText != record.reason
        && record.reasonText != u'(' + record.reason + u')')
        why.evidence << Explanation::Evidence{
            known.source, QStringLiteral("ReasonList"), record.reasonText};
    if (!record.dependency.isEmpty())
        why.evidence << Explanation::Evidence{
            known.source, QStringLiteral("Dependency"), record.dependency};
    if (!record.gres.isEmpty())
        why.evidence << Explanation::Evidence{
            known.source, QStringLiteral("TresPerNode"), record.gres};
    if (why.category == WhyCategory::Resources || why.category == WhyCategory::Priority) {
        if (weighGpus(known, record, why)) {
            why.category = WhyCategory::TooLarge;
            why.sentence = tr("It asks for %1 GPUs on each node; no node here has so many.")
                               .arg(asked(record).count);
            why.next = tr("Ask for fewer GPUs on each node, and more nodes.");
        }
        why.ahead = ahead(known, record);
    }
    why.expectedStart = record.started * 1000;
}

Explanation explainSlurm(const SlurmCase &known)
{
    Explanation why;
    if (known.records.isEmpty()) {
        why.sentence = tr("Slurm does not know this job any more.");
        return why;
    }
    const SlurmRecord record = recordToExplain(known.records);
    const JobState state = slurmState(record.state);
    if (state == JobState::Queued) {
        explainWaiting(known, record, why);
    } else if (state == JobState::Running || state == JobState::Succeeded) {
        const bool starting = record.state == QLatin1String("CONFIGURING");
        why.category = starting ? WhyCategory::Starting : WhyCategory::Running;
        why.sentence = state == JobState::Succeeded ? tr("It ended well.")
            : starting                              ? tr("Its nodes are being made ready.")
            : record.state == QLatin1String("SUSPENDED")
            ? tr("It is suspended: its processes are stopped.")
            : tr("It runs.");
    } else if (state == JobState::Unknown) {
        why.sentence = tr("Slurm calls its state \"%1\".").arg(record.state);
    } else {
        why = explainSlurmEnd(record);
        if (!record.reason.isEmpty())
            why.evidence << Explanation::Evidence{
                known.source, QStringLiteral("Reason"), record.reason};
        if (record.signal || record.exitCode)
            why.evidence << Explanation::Evidence{known.source, QStringLiteral("ExitCode"),
                QStringLiteral("%1:%2")
                    .arg(record.exitCode.value_or(0))
                    .arg(record.signal.value_or(0))};
    }
    why.evidence.prepend({known.source, QStringLiteral("State"), record.state});
    if (record.restarts > 0)
        why.evidence << Explanation::Evidence{
            known.source, QStringLiteral("Restarts"), QString::number(record.restarts)};
    if (!record.nodes.isEmpty())
        why.evidence << Explanation::Evidence{
            known.source, QStringLiteral("NodeList"), record.nodes};
    return why;
}

} // namespace pilothouse
