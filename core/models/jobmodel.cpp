// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/jobmodel.h"

#include "core/base/units.h"

#include <QCoreApplication>
#include <QDateTime>

namespace pilothouse {

static QString label(const char *text)
{
    return QCoreApplication::translate("jobs", text);
}

QString jobOutcome(const Job &job)
{
    switch (job.state) {
    case JobState::Queued:
        return job.stale ? label("Last heard queued") : label("Queued");
    case JobState::Running:
        return job.stale ? label("Last heard running") : label("Running");
    case JobState::Succeeded:
        return label("Succeeded");
    case JobState::Failed:
        if (job.signal)
            return label("Signal %1").arg(*job.signal);
        return job.exitCode ? label("Exit %1").arg(*job.exitCode) : label("Failed");
    case JobState::Cancelled:
        return label("Cancelled");
    case JobState::Lost:
        return label("Lost");
    case JobState::Unknown:
        return label("Unknown");
    }
    return {};
}

std::chrono::milliseconds jobDuration(const Job &job, qint64 now)
{
    if (job.startedAt == 0)
        return {};
    const qint64 end = job.endedAt != 0 ? job.endedAt : job.stale ? job.seenAt : now;
    return std::chrono::milliseconds(std::max<qint64>(0, end - job.startedAt));
}

static QVariant known(qint64 time)
{
    return time == 0 ? QVariant() : QVariant(time);
}

static QVariant number(const std::optional<double> &value)
{
    return value ? QVariant(*value) : QVariant();
}

static QString ago(qint64 time, qint64 now)
{
    return time == 0 ? QStringLiteral("–") : formatAge(std::chrono::milliseconds(now - time));
}

std::vector<JobModel::Column> JobModel::columnsOf(
    const std::function<QString(const QString &)> &targetName, const Clock &given)
{
    const Clock clock = given ? given : Clock(&QDateTime::currentMSecsSinceEpoch);
    return {
        {"state", label("State"), [](const Job &job) { return QVariant(jobStateName(job.state)); },
            &jobOutcome},
        {"name", label("Name"), [](const Job &job) { return QVariant(job.spec.name); }, {}},
        {"target", label("Target"),
            [targetName](const Job &job) { return QVariant(targetName(job.target)); }, {}},
        {"gpus", label("GPUs"),
            [](const Job &job) {
                return QVariant(std::max<qsizetype>(job.spec.gpus, job.gpuUuids.size()));
            },
            {}, true},
        {"submitted", label("Submitted"), [](const Job &job) { return known(job.submittedAt); },
            [clock](const Job &job) { return ago(job.submittedAt, clock()); }, true},
        {"duration", label("Duration"),
            [clock](const Job &job) {
                return job.startedAt == 0 ? QVariant()
                                          : QVariant(qint64(jobDuration(job, clock()).count()));
            },
            [clock](const Job &job) {
                return job.startedAt == 0 ? QStringLiteral("–")
                                          : formatDuration(jobDuration(job, clock()));
            },
            true},
        {"memory", label("Peak memory"),
            [](const Job &job) {
                return job.peakMemoryBytes ? QVariant(*job.peakMemoryBytes) : QVariant();
            },
            [](const Job &job) {
                return job.peakMemoryBytes ? formatBytes(double(*job.peakMemoryBytes), true)
                                           : QStringLiteral("–");
            },
            true},
        {"gpu_time", label("GPU time"), [](const Job &job) { return number(job.gpuSeconds); },
            [](const Job &job) { return formatValue(job.gpuSeconds, QStringLiteral("seconds")); },
            true},
        {"energy", label("Energy"), [](const Job &job) { return number(job.energyJoules); },
            [](const Job &job) { return formatValue(job.energyJoules, QStringLiteral("joules")); },
            true},
        {"id", label("Id"), [](const Job &job) { return QVariant(job.id); }, {}, false, true},
    };
}

JobModel::JobModel(std::function<QString(const QString &)> targetName, QObject *parent, Clock clock)
    : RowModel<Job>(
        columnsOf(targetName, clock), [](const Job &job) { return job.id; }, parent)
    , m_targetName(std::move(targetName))
{
}

void JobModel::setText(const QString &text)
{
    const QStringList words = text.simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    if (words.isEmpty()) {
        setFilter({});
        return;
    }
    setFilter([words, name = m_targetName](const Job &job) {
        const QString all = job.spec.name + QLatin1Char('\n') + name(job.target) + QLatin1Char('\n')
            + jobOutcome(job) + QLatin1Char('\n') + job.id;
        return std::all_of(words.begin(), words.end(),
            [&](const QString &word) { return all.contains(word, Qt::CaseInsensitive); });
    });
}

QVariant JobModel::extra(const Job &job, int column, int role) const
{
    if (role == StateRole && column == State)
        return jobStateName(job.state);
    if (role == AgeRole)
        return job.seenAt;
    if (role == Qt::ToolTipRole && !job.reason.isEmpty())
        return job.reason;
    return {};
}

} // namespace pilothouse
