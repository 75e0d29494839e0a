// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/jobjson.h"

#include "core/base/shellwords.h"
#include "core/base/units.h"

#include <QJsonArray>
#include <QRegularExpression>

namespace pilothouse {

static QJsonValue timeOrNull(qint64 time)
{
    return time == 0 ? QJsonValue() : QJsonValue(rfc3339(time));
}

static QJsonValue numberOrNull(const std::optional<double> &value)
{
    return value ? QJsonValue(*value) : QJsonValue();
}

static QJsonValue textOrNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}

QJsonObject jobToJson(const Job &job, const QString &targetName)
{
    return {
        {QStringLiteral("id"), job.id},
        {QStringLiteral("name"), job.spec.name},
        {QStringLiteral("target"), targetName},
        {QStringLiteral("engine"), job.engine},
        {QStringLiteral("native_id"), textOrNull(job.nativeId)},
        {QStringLiteral("user"), textOrNull(job.user)},
        {QStringLiteral("state"), jobStateName(job.state)},
        {QStringLiteral("exit_code"), job.exitCode ? QJsonValue(*job.exitCode) : QJsonValue()},
        {QStringLiteral("signal"), job.signal ? QJsonValue(*job.signal) : QJsonValue()},
        {QStringLiteral("submitted_at"), timeOrNull(job.submittedAt)},
        {QStringLiteral("started_at"), timeOrNull(job.startedAt)},
        {QStringLiteral("ended_at"), timeOrNull(job.endedAt)},
        {QStringLiteral("reason"), textOrNull(job.reason)},
        {QStringLiteral("peak_memory_bytes"),
            job.peakMemoryBytes ? QJsonValue(double(*job.peakMemoryBytes)) : QJsonValue()},
        {QStringLiteral("gpus"), QJsonArray::fromStringList(job.gpuUuids)},
        {QStringLiteral("gpu_seconds"), numberOrNull(job.gpuSeconds)},
        {QStringLiteral("busy_gpu_seconds"), numberOrNull(job.busyGpuSeconds)},
        {QStringLiteral("energy_joules"), numberOrNull(job.energyJoules)},
        {QStringLiteral("nodes"), textOrNull(job.nodes)},
        {QStringLiteral("restarts"), job.restarts},
        {QStringLiteral("seen_at"), timeOrNull(job.seenAt)},
    };
}

bool looksSecret(const QString &variable)
{
    static const QRegularExpression words(QStringLiteral("token|secret|passw|credential|key|auth"),
        QRegularExpression::CaseInsensitiveOption);
    return words.match(variable).hasMatch();
}

QStringList maskedWords(const QStringList &argv)
{
    QStringList words;
    bool hideNext = false;
    for (const auto &word : argv) {
        const auto equals = word.indexOf(QLatin1Char('='));
        const QString name = word.left(equals);
        if (hideNext && !word.startsWith(QLatin1Char('-'))) {
            words << QStringLiteral("***");
            hideNext = false;
            continue;
        }
        // NAME=value and --name=value; "--name value" hides the next word.
        static const QRegularExpression plainName(QStringLiteral("^-{0,2}[A-Za-z0-9_.-]+$"));
        const bool secret = plainName.match(name).hasMatch() && looksSecret(name);
        hideNext = secret && equals < 0 && word.startsWith(QLatin1Char('-'));
        words << (secret && equals > 0 ? name + QStringLiteral("=***") : quotedWord(word));
    }
    return words;
}

QString commandText(const JobSpec &spec)
{
    QStringList words;
    if (!spec.folder.isEmpty())
        words << QStringLiteral("cd") << quotedWord(spec.folder) << QStringLiteral("&&");
    for (auto it = spec.environment.begin(); it != spec.environment.end(); ++it)
        words << it.key() + QLatin1Char('=')
                + (looksSecret(it.key()) ? QStringLiteral("***") : quotedWord(it.value()));
    words << maskedWords(spec.argv);
    if (spec.argv.isEmpty()) {
        words << (spec.interpreter.isEmpty() ? QStringLiteral("./script") : spec.interpreter);
        if (!spec.interpreter.isEmpty())
            words << QStringLiteral("script");
        words << QStringLiteral("# %1 bytes").arg(spec.script.size());
    }
    return words.join(QLatin1Char(' '));
}

} // namespace pilothouse
