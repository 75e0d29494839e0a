// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/jobjson.h"
#include "core/jobs/specvalues.h"

#include <QJsonArray>

namespace pilothouse {

static QJsonObject secretToJson(const SecretRef &secret)
{
    return {{QStringLiteral("variable"), secret.variable}, {QStringLiteral("file"), secret.file},
        {QStringLiteral("secret"), secret.secret}, {QStringLiteral("key"), secret.key}};
}

static SecretRef secretFromJson(const QJsonObject &json)
{
    return {json.value(QLatin1String("variable")).toString(),
        json.value(QLatin1String("file")).toString(),
        json.value(QLatin1String("secret")).toString(),
        json.value(QLatin1String("key")).toString()};
}

static QJsonArray secretsToJson(const JobSpec &spec)
{
    QJsonArray secrets;
    for (const auto &secret : spec.secrets)
        secrets.append(secretToJson(secret));
    return secrets;
}

static QJsonArray afterToJson(const JobSpec &spec)
{
    QJsonArray after;
    for (const auto &dependency : spec.after)
        after.append(QJsonObject{{QStringLiteral("job"), dependency.job},
            {QStringLiteral("when"), dependencyName(dependency.when)}});
    return after;
}

static QJsonObject textsToJson(const JobSpec &spec)
{
    QJsonObject texts;
    for (auto it = spec.texts.begin(); it != spec.texts.end(); ++it)
        texts.insert(it.key(), QString::fromLatin1(it.value().toBase64()));
    return texts;
}

QJsonObject specToJson(const JobSpec &spec)
{
    QJsonObject environment;
    for (auto it = spec.environment.begin(); it != spec.environment.end(); ++it)
        environment.insert(it.key(), it.value());
    // All keys, those at their default too: edits are laid over a stored spec key by key.
    return {
        {QStringLiteral("name"), spec.name},
        {QStringLiteral("argv"), QJsonArray::fromStringList(spec.argv)},
        {QStringLiteral("script"), QString::fromLatin1(spec.script.toBase64())},
        {QStringLiteral("interpreter"), spec.interpreter},
        {QStringLiteral("folder"), spec.folder},
        {QStringLiteral("environment"), environment},
        {QStringLiteral("secrets"), secretsToJson(spec)},
        {QStringLiteral("image"), spec.image},
        {QStringLiteral("starter"), spec.starter},
        {QStringLiteral("nodes"), spec.nodes},
        {QStringLiteral("tasks_per_node"), spec.tasksPerNode},
        {QStringLiteral("cpus_per_task"), spec.cpusPerTask},
        {QStringLiteral("gpus"), spec.gpus},
        {QStringLiteral("gpu_type"), spec.gpuType},
        {QStringLiteral("gpu_uuids"), QJsonArray::fromStringList(spec.gpuUuids)},
        {QStringLiteral("memory_bytes"), qint64(spec.memoryBytes)},
        {QStringLiteral("time_limit_seconds"), spec.timeLimitSeconds},
        {QStringLiteral("array"), spec.array},
        {QStringLiteral("after"), afterToJson(spec)},
        {QStringLiteral("retries"), spec.retries},
        {QStringLiteral("checkpoints"), spec.checkpoints},
        {QStringLiteral("account"), spec.account},
        {QStringLiteral("queue"), spec.queue},
        {QStringLiteral("qos"), spec.qos},
        {QStringLiteral("priority"), spec.priority ? QJsonValue(*spec.priority) : QJsonValue()},
        {QStringLiteral("texts"), textsToJson(spec)},
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

static void takeLater(JobSpec &spec, const QJsonObject &json)
{
    const auto text = [&](const char *key) { return json.value(QLatin1String(key)).toString(); };
    const auto number
        = [&](const char *key, int usual) { return json.value(QLatin1String(key)).toInt(usual); };
    spec.image = text("image");
    spec.starter = text("starter");
    spec.gpuType = text("gpu_type");
    spec.array = text("array");
    spec.checkpoints = text("checkpoints");
    spec.account = text("account");
    spec.queue = text("queue");
    spec.qos = text("qos");
    spec.nodes = number("nodes", 1);
    spec.tasksPerNode = number("tasks_per_node", 1);
    spec.cpusPerTask = number("cpus_per_task", 0);
    spec.memoryBytes = quint64(json.value(QLatin1String("memory_bytes")).toInteger());
    spec.retries = number("retries", 0);
    if (const auto priority = json.value(QLatin1String("priority")); priority.isDouble())
        spec.priority = priority.toInt();
    const auto secrets = json.value(QLatin1String("secrets")).toArray();
    for (const auto &secret : secrets)
        spec.secrets << secretFromJson(secret.toObject());
    const auto after = json.value(QLatin1String("after")).toArray();
    for (const auto &one : after)
        spec.after << JobDependency{dependencyFromName(one[QLatin1String("when")].toString())
                                        .value_or(JobDependency::When::Succeeded),
            one[QLatin1String("job")].toString()};
    const auto texts = json.value(QLatin1String("texts")).toObject();
    for (auto it = texts.begin(); it != texts.end(); ++it)
        spec.texts.insert(it.key(), QByteArray::fromBase64(it.value().toString().toLatin1()));
}

JobSpec specFromJson(const QJsonObject &json)
{
    JobSpec spec;
    spec.name = json.value(QLatin1String("name")).toString();
    spec.argv = strings(json.value(QLatin1String("argv")));
    spec.script = QByteArray::fromBase64(json.value(QLatin1String("script")).toString().toLatin1());
    spec.interpreter = json.value(QLatin1String("interpreter")).toString();
    spec.folder = json.value(QLatin1String("folder")).toString();
    const auto environment = json.value(QLatin1String("environment")).toObject();
    for (auto it = environment.begin(); it != environment.end(); ++it)
        spec.environment.insert(it.key(), it.value().toString());
    spec.gpus = json.value(QLatin1String("gpus")).toInt();
    spec.gpuUuids = strings(json.value(QLatin1String("gpu_uuids")));
    spec.timeLimitSeconds = json.value(QLatin1String("time_limit_seconds")).toInt();
    takeLater(spec, json);
    return spec;
}

} // namespace pilothouse
