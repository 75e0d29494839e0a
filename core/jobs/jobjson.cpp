// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/jobjson.h"

#include "core/base/units.h"

#include <QJsonArray>
#include <QRegularExpression>

namespace pilothouse {

QJsonObject specToJson(const JobSpec &spec)
{
    QJsonObject environment;
    for (auto it = spec.environment.begin(); it != spec.environment.end(); ++it)
        environment.insert(it.key(), it.value());
    return {
        {QStringLiteral("name"), spec.name},
        {QStringLiteral("argv"), QJsonArray::fromStringList(spec.argv)},
        {QStringLiteral("script"), QString::fromLatin1(spec.script.toBase64())},
        {QStringLiteral("interpreter"), spec.interpreter},
        {QStringLiteral("folder"), spec.folder},
        {QStringLiteral("environment"), environment},
        {QStringLiteral("gpus"), spec.gpus},
        {QStringLiteral("gpu_uuids"), QJsonArray::fromStringList(spec.gpuUuids)},
        {QStringLiteral("time_limit_seconds"), spec.timeLimitSeconds},
    };
}

static QStringList strings(const QJsonValue &value)
{
    QStringList result;
    const auto array = value.toArray();
    for (const auto &item : array)
        result << item.toString();
    return result;
}

JobSpec specFromJson(const QJsonObject &json)
{
    JobSpec spec;
    spec.name = json.value(QStringLiteral("name")).toString();
    spec.argv = strings(json.value(QStringLiteral("argv")));
    spec.script
        = QByteArray::fromBase64(json.value(QStringLiteral("script")).toString().toLatin1());
    spec.interpreter = json.value(QStringLiteral("interpreter")).toString();
    spec.folder = json.value(QStringLiteral("folder")).toString();
    const auto environment = json.value(QStringLiteral("environment")).toObject();
    for (auto it = environment.begin(); it != environment.end(); ++it)
        spec.environment.insert(it.key(), it.value().toString());
    spec.gpus = json.value(QStringLiteral("gpus")).toInt();
    spec.gpuUuids = strings(json.value(QStringLiteral("gpu_uuids")));
    spec.timeLimitSeconds = json.value(QStringLiteral("time_limit_seconds")).toInt();
    return spec;
}

static QJsonValue timeOrNull(qint64 time)
{
    return time == 0 ? QJsonValue() : QJsonValue(rfc3339(time));
}

static QJsonValue numberOrNull(const std::optional<double> &value)
{
    return value ? QJsonValue(*value) : QJsonValue();
}

QJsonObject jobToJson(const Job &job, const QString &targetName)
{
    return {
        {QStringLiteral("id"), job.id},
        {QStringLiteral("name"), job.spec.name},
        {QStringLiteral("target"), targetName},
        {QStringLiteral("engine"), job.engine},
        {QStringLiteral("user"), job.user.isEmpty() ? QJsonValue() : QJsonValue(job.user)},
        {QStringLiteral("state"), jobStateName(job.state)},
        {QStringLiteral("exit_code"), job.exitCode ? QJsonValue(*job.exitCode) : QJsonValue()},
        {QStringLiteral("signal"), job.signal ? QJsonValue(*job.signal) : QJsonValue()},
        {QStringLiteral("submitted_at"), timeOrNull(job.submittedAt)},
        {QStringLiteral("started_at"), timeOrNull(job.startedAt)},
        {QStringLiteral("ended_at"), timeOrNull(job.endedAt)},
        {QStringLiteral("reason"), job.reason.isEmpty() ? QJsonValue() : QJsonValue(job.reason)},
        {QStringLiteral("peak_memory_bytes"),
            job.peakMemoryBytes ? QJsonValue(double(*job.peakMemoryBytes)) : QJsonValue()},
        {QStringLiteral("gpus"), QJsonArray::fromStringList(job.gpuUuids)},
        {QStringLiteral("gpu_seconds"), numberOrNull(job.gpuSeconds)},
        {QStringLiteral("busy_gpu_seconds"), numberOrNull(job.busyGpuSeconds)},
        {QStringLiteral("energy_joules"), numberOrNull(job.energyJoules)},
        {QStringLiteral("seen_at"), timeOrNull(job.seenAt)},
    };
}

bool looksSecret(const QString &variable)
{
    static const QRegularExpression words(QStringLiteral("token|secret|passw|credential|key|auth"),
        QRegularExpression::CaseInsensitiveOption);
    return words.match(variable).hasMatch();
}

static QString quoted(const QString &word)
{
    static const QRegularExpression plain(QStringLiteral("^[A-Za-z0-9_@%+=:,./-]+$"));
    if (plain.match(word).hasMatch())
        return word;
    return QLatin1Char('\'') + QString(word).replace(QLatin1Char('\''), QStringLiteral("'\\''"))
        + QLatin1Char('\'');
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
        words << (secret && equals > 0 ? name + QStringLiteral("=***") : quoted(word));
    }
    return words;
}

QString commandText(const JobSpec &spec)
{
    QStringList words;
    if (!spec.folder.isEmpty())
        words << QStringLiteral("cd") << quoted(spec.folder) << QStringLiteral("&&");
    for (auto it = spec.environment.begin(); it != spec.environment.end(); ++it)
        words << it.key() + QLatin1Char('=')
                + (looksSecret(it.key()) ? QStringLiteral("***") : quoted(it.value()));
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
