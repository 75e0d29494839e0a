// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/shellwords.h"
#include "core/engines/docker/render.h"

namespace pilothouse {

namespace {

template <typename Value> void follow(Value &to, const Value &old, const Value &now)
{
    if (old != now)
        to = now;
}

void followKeys(QMap<QString, QString> &to, const QMap<QString, QString> &old,
    const QMap<QString, QString> &now)
{
    for (auto it = old.begin(); it != old.end(); ++it) {
        if (!now.contains(it.key()))
            to.remove(it.key());
    }
    for (auto it = now.begin(); it != now.end(); ++it) {
        if (!old.contains(it.key()) || old.value(it.key()) != it.value())
            to.insert(it.key(), it.value());
    }
}

} // namespace

Result<QByteArray> editDocker(const QByteArray &text, const JobSpec &before, const JobSpec &after)
{
    auto run = parseDockerRun(QString::fromUtf8(text));
    if (!run)
        return fail(run.error());
    JobSpec oldSpec = before, newSpec = after;
    oldSpec.texts.clear();
    newSpec.texts.clear();
    const auto old = dockerRunOf(oldSpec, {}), now = dockerRunOf(newSpec, {});
    if (!old || !now)
        return fail(old ? now.error() : old.error());
    follow(run->image, old->image, now->image);
    follow(run->command, old->command, now->command);
    follow(run->folder, old->folder, now->folder);
    follow(run->gpus, old->gpus, now->gpus);
    follow(run->gpuUuids, old->gpuUuids, now->gpuUuids);
    follow(run->memoryBytes, old->memoryBytes, now->memoryBytes);
    follow(run->cpus, old->cpus, now->cpus);
    follow(run->retries, old->retries, now->retries);
    followKeys(run->environment, old->environment, now->environment);
    followKeys(run->labels, old->labels, now->labels);
    for (const auto &mount : old->mounts) {
        if (!now->mounts.contains(mount))
            run->mounts.removeAll(mount);
    }
    for (const auto &mount : now->mounts) {
        if (!run->mounts.contains(mount) && !old->mounts.contains(mount))
            run->mounts << mount;
    }
    return quotedLine(run->argv()).toUtf8() + '\n';
}

} // namespace pilothouse
