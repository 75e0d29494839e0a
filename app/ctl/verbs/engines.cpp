// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Engines of the user's: what they have, why a job waits, holding and releasing.
#include "app/ctl/desk.h"
#include "app/ctl/output.h"
#include "app/ctl/verbs/verbs.h"
#include "core/base/units.h"
#include "core/engines/service.h"
#include "core/jobs/jobservice.h"

#include <QJsonArray>

namespace pilothouse::ctl {

static QJsonValue orNull(const std::optional<int> &number)
{
    return number ? QJsonValue(*number) : QJsonValue();
}

static QJsonArray poolsToJson(const QList<GpuPool> &pools)
{
    QJsonArray array;
    for (const auto &pool : pools)
        array.append(QJsonObject{{QStringLiteral("type"), orNull(pool.type)},
            {QStringLiteral("total"), orNull(pool.total)},
            {QStringLiteral("used"), orNull(pool.used)},
            {QStringLiteral("largest_free_on_a_node"), orNull(pool.largest)}});
    return array;
}

static QJsonObject statusToJson(const Engine &engine, const QString &target, const EngineStatus &is)
{
    QJsonArray queues;
    for (const auto &queue : is.queues)
        queues.append(QJsonObject{{QStringLiteral("name"), queue.name},
            {QStringLiteral("state"), orNull(queue.state)},
            {QStringLiteral("default"), queue.isDefault},
            {QStringLiteral("nodes"), orNull(queue.nodes)},
            {QStringLiteral("time_limit_seconds"),
                queue.timeLimitSeconds > 0 ? QJsonValue(queue.timeLimitSeconds) : QJsonValue()},
            {QStringLiteral("gpus"), poolsToJson(queue.gpus)},
            {QStringLiteral("limits"), QJsonArray::fromStringList(queue.limits)}});
    return {{QStringLiteral("engine"), engine.kind()}, {QStringLiteral("name"), engine.name()},
        {QStringLiteral("target"), target}, {QStringLiteral("version"), orNull(is.version)},
        {QStringLiteral("user"), orNull(is.user)},
        {QStringLiteral("accounts"), QJsonArray::fromStringList(is.accounts)},
        {QStringLiteral("gpus"), poolsToJson(is.gpus)}, {QStringLiteral("queues"), queues},
        {QStringLiteral("notes"), QJsonArray::fromStringList(is.notes)},
        {QStringLiteral("read_at"), rfc3339(is.readAt)}};
}

/// "6 of 16 h100 free"; "unknown" where it could not be read.
static QString poolText(const GpuPool &pool)
{
    if (!pool.total || !pool.used)
        return tr("%1 unknown").arg(pool.type).trimmed();
    return tr("%1 of %2 %3 free")
        .arg(*pool.total - *pool.used)
        .arg(*pool.total)
        .arg(pool.type.isEmpty() ? tr("GPUs") : pool.type);
}

static QString poolsText(const QList<GpuPool> &pools)
{
    QStringList parts;
    for (const auto &pool : pools)
        parts << poolText(pool);
    return parts.isEmpty() ? tr("no GPUs") : parts.join(QStringLiteral(", "));
}

static void printStatus(const Engine &engine, const QString &target, const EngineStatus &is)
{
    printLine(QStringLiteral("%1 on %2: %3, %4")
                  .arg(engine.name(), target, is.version, poolsText(is.gpus)));
    QStringList heads;
    heads << tr("QUEUE") << tr("STATE") << QLatin1Char('>') + tr("NODES") << tr("TIME LIMIT")
          << tr("GPUS");
    QList<QStringList> rows;
    for (const auto &queue : is.queues) {
        QStringList row;
        row << queue.name + (queue.isDefault ? tr(" (default)") : QString()) << queue.state
            << (queue.nodes ? QString::number(*queue.nodes) : tr("unknown"))
            << (queue.timeLimitSeconds > 0 ? formatAge(std::chrono::seconds(queue.timeLimitSeconds))
                                           : QStringLiteral("–"))
            << poolsText(queue.gpus);
        rows << row;
    }
    if (!rows.isEmpty())
        printTable(heads, rows);
    for (const auto &note : is.notes)
        printNote(note);
}

static Task<int> runEngines(Desk &desk, Invocation invocation)
{
    auto *all = &desk;
    QStringList names = invocation.words;
    if (names.isEmpty())
        names << QStringLiteral("local");
    QJsonArray array;
    for (const auto &name : std::as_const(names)) {
        const auto target = all->target(name);
        if (!target)
            co_return failed(*all, target.error());
        auto connecting = all->connectToAgent(*target);
        if (const auto link = co_await std::move(connecting); !link)
            co_return failed(*all, link.error());
        auto finding = all->services().engines->find(all->context(), target->id);
        const auto engines = co_await std::move(finding);
        if (!engines)
            co_return failed(*all, engines.error());
        const auto problems = all->services().engines->problems(target->id);
        for (const auto &problem : problems)
            printNote(problem);
        for (const auto &engine : *engines) {
            auto asking = engine->status(all->context());
            const auto status = co_await std::move(asking);
            if (!status)
                co_return failed(*all, status.error());
            if (all->json())
                array.append(statusToJson(*engine, all->targetName(target->id), *status));
            else
                printStatus(*engine, all->targetName(target->id), *status);
        }
        if (engines->isEmpty() && !all->json())
            printNote(tr("No engine was found on %1: jobs run there at once, by the agent.")
                          .arg(target->name));
    }
    if (all->json())
        printJson("engines", QJsonObject{{QStringLiteral("engines"), array}});
    co_return 0;
}

static void printWhy(const Job &job, const Explanation &why)
{
    printLine(
        QStringLiteral("%1 (%2): %3").arg(job.shownName(), jobStateName(job.state), why.sentence));
    for (const auto &one : why.evidence)
        printLine(QStringLiteral("  %1 %2=%3").arg(one.source, one.field, one.value));
    if (!why.ahead.isEmpty())
        printLine(tr("  ahead of it: %1").arg(why.ahead.join(QStringLiteral(", "))));
    if (why.expectedStart > 0)
        printLine(tr("  expected to start: %1").arg(rfc3339(why.expectedStart)));
    if (!why.next.isEmpty())
        printLine(tr("  next: %1").arg(why.next));
}

static QJsonObject whyToJson(const Job &job, const Explanation &why)
{
    QJsonArray evidence;
    for (const auto &one : why.evidence)
        evidence.append(QJsonObject{{QStringLiteral("source"), one.source},
            {QStringLiteral("field"), one.field}, {QStringLiteral("value"), one.value}});
    return {{QStringLiteral("id"), job.id}, {QStringLiteral("state"), jobStateName(job.state)},
        {QStringLiteral("category"), whyCategoryName(why.category)},
        {QStringLiteral("sentence"), why.sentence}, {QStringLiteral("evidence"), evidence},
        {QStringLiteral("ahead"), QJsonArray::fromStringList(why.ahead)},
        {QStringLiteral("next"), orNull(why.next)},
        {QStringLiteral("expected_start"),
            why.expectedStart > 0 ? QJsonValue(rfc3339(why.expectedStart)) : QJsonValue()}};
}

static Task<int> runWhy(Desk &desk, Invocation invocation)
{
    auto *all = &desk;
    auto reaching = all->reachJob(invocation.words.first());
    const auto job = co_await std::move(reaching);
    if (!job)
        co_return failed(*all, job.error());
    auto asking = all->services().jobs->why(all->context(), job->id);
    const auto why = co_await std::move(asking);
    if (!why)
        co_return failed(*all, why.error());
    if (all->json())
        printJson("why", whyToJson(*job, *why));
    else
        printWhy(*job, *why);
    co_return 0;
}

static Task<int> runHold(Desk &desk, Invocation invocation)
{
    return actOnJob(desk, QStringLiteral("job.hold"), invocation.words.first(), {});
}

static Task<int> runRelease(Desk &desk, Invocation invocation)
{
    return actOnJob(desk, QStringLiteral("job.release"), invocation.words.first(), {});
}

static Task<int> runRequeue(Desk &desk, Invocation invocation)
{
    return actOnJob(desk, QStringLiteral("job.requeue"), invocation.words.first(), {});
}

const Verb enginesVerb{"engines", "[ALIAS...]",
    QT_TRANSLATE_NOOP("ctl", "what runs jobs on a target: queues, free GPUs, limits"),
    "engines login1", 0, -1, false, {}, &runEngines,
    QT_TRANSLATE_NOOP("ctl", "Without an alias: of this machine. What could not be read is said.")};
const Verb whyVerb{"why", "JOB", QT_TRANSLATE_NOOP("ctl", "why a job waits or failed"), "why train",
    1, 1, false, {}, &runWhy,
    QT_TRANSLATE_NOOP(
        "ctl", "A sentence, the fields it rests on, who is ahead, and one thing to do.")};
const Verb holdVerb{"hold", "JOB", QT_TRANSLATE_NOOP("ctl", "keep a waiting job from starting"),
    "hold train", 1, 1, false, {}, &runHold,
    QT_TRANSLATE_NOOP("ctl",
        "For jobs of an engine with a queue (Slurm). Prints the job. Fails once it has started.")};
const Verb releaseVerb{"release", "JOB", QT_TRANSLATE_NOOP("ctl", "let a held job start"),
    "release train", 1, 1, false, {}, &runRelease,
    QT_TRANSLATE_NOOP(
        "ctl", "Prints the job. A hold of an administrator can only be taken back by one.")};
const Verb requeueVerb{"requeue", "JOB", QT_TRANSLATE_NOOP("ctl", "end a job and queue it again"),
    "requeue train", 1, 1, false, {}, &runRequeue,
    QT_TRANSLATE_NOOP("ctl",
        "It begins anew under the same number and id; what it has done so far is not kept.")};

} // namespace pilothouse::ctl
