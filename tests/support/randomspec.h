// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/jobspec.h"
#include "tests/support/hostile.h"

namespace pilothouse {

/// What the tests of one engine want in their specs: what it cannot express is left out.
struct SpecWish {
    bool scripts = true, anyBytes = true; ///< scripts that are no text, too
    bool several = true; ///< more than one node
    bool rest = true; ///< account, dependencies, ...: all that hardly an engine has
};

inline QString nonEmpty(QRandomGenerator &random)
{
    QString text;
    while (text.isEmpty())
        text = hostileText(random);
    return text;
}

inline void addRunning(JobSpec &spec, QRandomGenerator &random, const SpecWish &wish)
{
    if (wish.scripts && random.bounded(3) == 0) {
        spec.script = random.bounded(2) == 0 ? "#!/bin/sh\n" + hostileText(random).toUtf8()
                                             : nonEmpty(random).toUtf8();
        if (wish.anyBytes && random.bounded(4) == 0)
            spec.script += QByteArray("\0\xff\xc3", 3);
        if (!spec.script.startsWith("#!") && random.bounded(2) == 0)
            spec.interpreter = QStringLiteral("python3 -u");
        return;
    }
    spec.argv << nonEmpty(random);
    for (int i = random.bounded(5); i > 0; --i)
        spec.argv << hostileText(random);
    if (random.bounded(4) == 0)
        spec.argv
            = QStringList{QStringLiteral("/bin/sh"), QStringLiteral("-c"), hostileText(random)};
    static const QStringList firsts{QStringLiteral("python3"),
        QStringLiteral("/opt/venv/bin/python"), QStringLiteral("torchrun"),
        QStringLiteral("train.py"), QStringLiteral("accelerate")};
    if (random.bounded(3) == 0)
        spec.argv[0] = firsts[random.bounded(firsts.size())];
}

/// Random, hostile, and a job that checkSpec() takes.
inline JobSpec randomSpec(QRandomGenerator &random, const SpecWish &wish = {})
{
    const auto maybe = [&](int most) { return random.bounded(2) == 0 ? random.bounded(most) : 0; };
    static const QStringList starters{QString(), QStringLiteral("torchrun"),
        QStringLiteral("huggingface"), QStringLiteral("jax"), QStringLiteral("tensorflow")};
    JobSpec spec;
    spec.name = hostileText(random);
    addRunning(spec, random, wish);
    spec.starter = starters[random.bounded(starters.size())];
    spec.folder = hostileText(random);
    spec.image = nonEmpty(random);
    for (int i = random.bounded(4); i > 0; --i)
        spec.environment.insert(
            QStringLiteral("V%1").arg(random.bounded(100)), hostileText(random));
    spec.nodes = wish.several ? std::max(1, maybe(5)) : 1;
    spec.tasksPerNode = spec.starter.isEmpty() || spec.starter == QLatin1String("jax")
        ? 1
        : std::max(1, maybe(9));
    spec.cpusPerTask = maybe(32);
    spec.gpus = maybe(9);
    spec.memoryBytes = quint64(maybe(1 << 30)) * (random.bounded(2) == 0 ? 1024 : 1);
    spec.timeLimitSeconds = maybe(1'000'000);
    spec.retries = spec.nodes > 1 ? 0 : maybe(5);
    if (!wish.rest)
        return spec;
    spec.gpuType = hostileText(random);
    spec.gpuUuids = random.bounded(3) == 0 ? QStringList{QStringLiteral("GPU-1"), nonEmpty(random)}
                                           : QStringList();
    spec.array = random.bounded(2) == 0 ? QStringLiteral("1,3,5-9:2%4") : QString();
    if (random.bounded(2) == 0)
        spec.after << JobDependency{JobDependency::When(random.bounded(4)), nonEmpty(random)};
    if (random.bounded(2) == 0)
        spec.secrets << SecretRef{QStringLiteral("TOKEN"), nonEmpty(random), {}, {}}
                     << SecretRef{QStringLiteral("KEY"), {}, nonEmpty(random), nonEmpty(random)};
    spec.checkpoints = hostileText(random);
    spec.account = hostileText(random);
    spec.queue = hostileText(random);
    spec.qos = hostileText(random);
    if (random.bounded(2) == 0)
        spec.priority = random.bounded(2000) - 1000;
    if (random.bounded(3) == 0)
        spec.texts.insert(QStringLiteral("slurm"), hostileText(random).toUtf8() + '\xfe');
    return spec;
}

} // namespace pilothouse
