// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// What rules found. Rules need to watch for a while, so by itself this prints what the console has
// seen, with how long ago it looked; --watch looks by itself and stores nothing.
#include "app/ctl/alertwatch.h"
#include "app/ctl/output.h"
#include "app/ctl/verbs/verbs.h"
#include "core/base/paths.h"
#include "core/base/units.h"
#include "core/session/alertlog.h"
#include "core/session/workspace.h"

#include <QJsonArray>

namespace pilothouse::ctl {

static constexpr int demoSeconds = 20;

static QString age(qint64 milliseconds)
{
    return formatAge(std::chrono::milliseconds(std::max<qint64>(0, milliseconds)));
}

static QJsonValue timeOrNull(qint64 time)
{
    return time > 0 ? QJsonValue(rfc3339(time)) : QJsonValue();
}

static QJsonObject alertToJson(const Alert &alert, qint64 now, const QString &target, bool stored)
{
    const auto words = alert.words();
    QJsonObject one;
    one.insert(QStringLiteral("id"), stored ? QJsonValue(alert.id) : QJsonValue());
    one.insert(QStringLiteral("target"), target);
    one.insert(QStringLiteral("device"), orNull(alert.device));
    one.insert(QStringLiteral("device_name"), orNull(alert.deviceName));
    one.insert(QStringLiteral("rule"), alert.rule);
    one.insert(QStringLiteral("verdict"), verdictName(alert.verdict));
    one.insert(QStringLiteral("state"), alertStateName(alert.state(now)));
    one.insert(QStringLiteral("title"), words.title);
    one.insert(QStringLiteral("why"), orNull(words.sentence));
    one.insert(QStringLiteral("next"), orNull(words.next));
    one.insert(QStringLiteral("raw"), alert.raw);
    one.insert(QStringLiteral("times"), alert.times);
    one.insert(QStringLiteral("since"), timeOrNull(alert.since));
    one.insert(QStringLiteral("last_seen"), timeOrNull(alert.lastSeen));
    one.insert(QStringLiteral("ended"), timeOrNull(alert.endedAt));
    one.insert(QStringLiteral("acknowledged"), timeOrNull(alert.acknowledgedAt));
    one.insert(QStringLiteral("snoozed_until"),
        alert.snoozedUntil == Alert::untilChange ? QJsonValue(QStringLiteral("change"))
                                                 : timeOrNull(alert.snoozedUntil));
    return one;
}

static QStringList rowOf(const Alert &alert, qint64 now, bool stored)
{
    const auto state = alert.state(now);
    QString how = alertStateName(state);
    if (state == AlertState::Snoozed && alert.snoozedUntil != Alert::untilChange)
        how += QLatin1Char(' ') + age(alert.snoozedUntil - now);
    if (state == AlertState::Ended)
        how += QLatin1Char(' ') + tr("%1 ago").arg(age(now - alert.endedAt));
    QStringList row;
    row << (stored ? alert.id : QStringLiteral("-")) << verdictName(alert.verdict)
        << alert.words().title << alert.place() << age(now - alert.since) << how
        << QString(alert.raw).replace(QLatin1Char('\n'), QStringLiteral(" · "));
    return row;
}

/// Worst first, then newest.
static void sortAlerts(QList<Alert> *alerts)
{
    std::stable_sort(alerts->begin(), alerts->end(), [](const Alert &a, const Alert &b) {
        return a.verdict != b.verdict ? a.verdict > b.verdict : a.since > b.since;
    });
}

static Task<int> runAlerts(Desk &desk, Invocation invocation)
{
    auto *all = &desk;
    QList<Target> targets;
    for (const auto &word : std::as_const(invocation.words)) {
        const auto target = all->target(word);
        if (!target)
            co_return failed(*all, target.error());
        targets << *target;
    }
    auto *workspace = all->services().workspace;
    const auto everything = workspace->targets();
    const bool demo = std::all_of(everything.begin(), everything.end(),
        [](const Target &one) { return one.kind == TargetKind::Simulated; });
    const bool live = demo || invocation.has("watch"); // of a demo nothing is stored
    AlertLog log;
    if (live) {
        const int seconds = std::clamp(invocation.number("watch", demoSeconds), 1, 86'400);
        auto watching
            = watchAlerts(all, targets.isEmpty() && demo ? everything : targets, seconds, &log);
        const auto watched = co_await std::move(watching);
        if (!watched)
            co_return failed(*all, watched.error());
    } else if (const auto opened = log.open(paths::data() + QStringLiteral("/workspace.db"));
               !opened) {
        co_return failed(*all, opened.error());
    }

    const qint64 now = log.now();
    QList<Alert> shown;
    int hidden = 0;
    for (const Alert &alert : log.alerts()) {
        const bool here = targets.isEmpty()
            || std::any_of(targets.begin(), targets.end(),
                [&](const Target &target) { return target.id == alert.target; });
        if (!here)
            continue;
        if (alert.state(now) == AlertState::Open || invocation.has("all"))
            shown << alert;
        else
            ++hidden;
    }
    sortAlerts(&shown);
    if (all->json()) {
        QJsonArray array, examined;
        for (const Alert &alert : std::as_const(shown))
            array.append(alertToJson(alert, now, all->targetName(alert.target), !live));
        for (const Target &target : everything) {
            if (log.examinedAt(target.id) == 0)
                continue;
            QJsonObject one;
            one.insert(QStringLiteral("target"), all->targetName(target.id));
            one.insert(QStringLiteral("time"), rfc3339(log.examinedAt(target.id)));
            examined.append(one);
        }
        QJsonObject object;
        object.insert(QStringLiteral("alerts"), array);
        object.insert(QStringLiteral("examined"), examined);
        object.insert(QStringLiteral("hidden"), hidden);
        printJson("alerts", object);
        co_return 0;
    }
    QList<QStringList> rows;
    for (const Alert &alert : std::as_const(shown))
        rows << rowOf(alert, now, !live);
    QStringList heads;
    heads << tr("ID") << tr("VERDICT") << tr("WHAT") << tr("WHERE") << tr("SINCE") << tr("STATE")
          << tr("RAW");
    if (!rows.isEmpty())
        printTable(heads, rows);
    qint64 oldest = 0;
    int looked = 0;
    for (const Target &target : everything) {
        const qint64 time = log.examinedAt(target.id);
        looked += time != 0 ? 1 : 0;
        oldest = time != 0 && (oldest == 0 || time < oldest) ? time : oldest;
    }
    if (looked == 0)
        printNote(tr("Nothing has been examined yet: the console does while it runs, or give "
                     "--watch SECONDS and targets."));
    else if (rows.isEmpty())
        printNote(tr("No open alert."));
    if (hidden > 0)
        printNote(tr("%1 acknowledged, snoozed or ended: --all shows them.").arg(hidden));
    if (looked > 0 && !live)
        printNote(
            tr("%1 targets examined, the longest ago %2 ago.").arg(looked).arg(age(now - oldest)));
    co_return 0;
}

static Task<int> sayOf(Desk &desk, QString act, QStringList ids, QJsonObject parameters)
{
    auto *all = &desk;
    AlertLog log;
    if (const auto opened = log.open(paths::data() + QStringLiteral("/workspace.db")); !opened)
        co_return failed(*all, opened.error());
    ActRequest request;
    request.parameters = parameters;
    QStringList whole;
    for (const auto &id : ids) { // a wrong one is an error before anything changes
        const auto alert = log.find(id);
        if (!alert)
            co_return failed(*all, alert.error());
        whole << alert->id;
        request.target = alert->target;
    }
    request.subject = whole.join(QLatin1Char(','));
    all->services().alerts = &log;
    auto running = all->run(act, request);
    const auto result = co_await std::move(running);
    all->services().alerts = nullptr;
    if (!result)
        co_return failed(*all, result.error());
    const qint64 now = log.now();
    QJsonArray array;
    for (const auto &id : std::as_const(whole)) {
        const auto alert = log.find(id);
        if (!alert)
            continue;
        array.append(alertToJson(*alert, now, all->targetName(alert->target), true));
        if (!all->json())
            printLine(QStringLiteral("%1  %2  %3, %4")
                          .arg(alert->id, alertStateName(alert->state(now)), alert->words().title,
                              alert->place()));
    }
    if (all->json()) {
        QJsonObject object;
        object.insert(QStringLiteral("alerts"), array);
        printJson("alerts", object);
    }
    co_return 0;
}

static Task<int> runAck(Desk &desk, Invocation invocation)
{
    auto saying = sayOf(desk, QStringLiteral("alert.acknowledge"), invocation.words, QJsonObject());
    co_return co_await std::move(saying);
}

static Task<int> runUnack(Desk &desk, Invocation invocation)
{
    auto saying
        = sayOf(desk, QStringLiteral("alert.unacknowledge"), invocation.words, QJsonObject());
    co_return co_await std::move(saying);
}

static Task<int> runSnooze(Desk &desk, Invocation invocation)
{
    QJsonObject parameters;
    parameters.insert(QStringLiteral("for"), invocation.words.first());
    auto saying = sayOf(desk, QStringLiteral("alert.snooze"), invocation.words.mid(1), parameters);
    co_return co_await std::move(saying);
}

static Task<int> runWake(Desk &desk, Invocation invocation)
{
    auto saying = sayOf(desk, QStringLiteral("alert.wake"), invocation.words, QJsonObject());
    co_return co_await std::move(saying);
}

const Verb alertsVerb{"alerts", "[ALIAS...]",
    QT_TRANSLATE_NOOP("ctl", "list what the rules found, as the console last saw it"),
    "alerts --watch 60 lab", 0, -1, false,
    {{"all", nullptr, QT_TRANSLATE_NOOP("ctl", "also those acknowledged, snoozed or ended")},
        {"watch", "N",
            QT_TRANSLATE_NOOP(
                "ctl", "connect to these targets, watch for N seconds, store nothing")}},
    &runAlerts,
    QT_TRANSLATE_NOOP("ctl",
        "The worst first, with ages: nobody is contacted, so it is as old as the console's last "
        "look.\n--watch connects, and so does a demo. The ids are for the verbs below.")};
const Verb ackVerb{"alerts ack", "ID...", QT_TRANSLATE_NOOP("ctl", "acknowledge alerts"),
    "alerts ack 3fa9", 1, -1, false, {}, &runAck,
    QT_TRANSLATE_NOOP("ctl",
        "The beginning of an id is enough. The alert counts no more until the finding is over and "
        "comes again.")};
const Verb unackVerb{"alerts unack", "ID...",
    QT_TRANSLATE_NOOP("ctl", "take an acknowledgement back"), "alerts unack 3fa9", 1, -1, false, {},
    &runUnack,
    QT_TRANSLATE_NOOP("ctl", "The alert counts again, and the console says so in its list.")};
const Verb snoozeVerb{"alerts snooze", "TIME ID...",
    QT_TRANSLATE_NOOP("ctl", "be silent about alerts: 1h, 8h, 7d, or until they change"),
    "alerts snooze 8h 3fa9", 2, -1, false, {}, &runSnooze,
    QT_TRANSLATE_NOOP("ctl",
        "TIME is 1h, 8h, 7d and the like, or `change`: until the verdict or the cause changes.")};
const Verb wakeVerb{"alerts wake", "ID...", QT_TRANSLATE_NOOP("ctl", "end a snooze"),
    "alerts wake 3fa9", 1, -1, false, {}, &runWake,
    QT_TRANSLATE_NOOP("ctl", "The alert counts again at once; acknowledging it is another verb.")};

} // namespace pilothouse::ctl
