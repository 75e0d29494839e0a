// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/alertlog.h"

#include "core/base/log.h"
#include "core/health/alertbook.h"
#include "core/session/alertstore.h"
#include "core/session/healthmonitor.h"

#include <QDateTime>
#include <QPointer>
#include <QTimer>

#include <utility>

namespace pilothouse {

static constexpr qint64 examinedEveryMs = 30'000, expireEveryMs = 600'000;

class AlertLogPrivate {
public:
    std::function<qint64()> clock;
    AlertBook book;
    std::optional<AlertStore> store;
    QPointer<HealthMonitor> monitor;
    AlertLog::Namer namer;
    QHash<QString, qint64> examined, unsaved;
    QTimer second;
    qint64 version = 0, examinedSavedAt = 0, expiredAt = 0;
    int openBefore = 0, ticks = 0;
    bool announcing = false;
    QStringList toAnnounce;

    QList<Alert> some(const QStringList &ids) const
    {
        QList<Alert> alerts;
        for (const auto &id : ids) {
            if (const auto *alert = std::as_const(book).find(id))
                alerts << *alert;
        }
        return alerts;
    }
    /// What another process said; the ids it is news of. This file has other writers, too.
    QStringList hear(const std::vector<Alert> &rows)
    {
        QHash<QString, const Alert *> byId;
        for (const Alert &row : rows)
            byId.insert(row.id, &row);
        QStringList news;
        for (const Alert &known : book.alerts()) {
            const auto *row = byId.value(known.id);
            if (row == nullptr
                || (row->acknowledgedAt == known.acknowledgedAt
                    && row->snoozedUntil == known.snoozedUntil))
                continue;
            news << known.id;
            auto *alert = book.find(known.id);
            alert->acknowledgedAt = row->acknowledgedAt;
            alert->snoozedUntil = row->snoozedUntil;
        }
        return news;
    }
    void report(const Result<> &done)
    {
        if (!done)
            qCWarning(lcStore) << done.error().message << done.error().cause;
    }
};

AlertLog::AlertLog(QObject *parent, std::function<qint64()> clock)
    : QObject(parent)
    , d(std::make_unique<AlertLogPrivate>())
{
    d->clock = clock ? std::move(clock) : &QDateTime::currentMSecsSinceEpoch;
    connect(&d->second, &QTimer::timeout, this, &AlertLog::tick);
    d->second.start(1000);
}

AlertLog::~AlertLog()
{
    if (!d->store)
        return;
    if (!d->unsaved.isEmpty())
        d->report(d->store->saveExamined(d->unsaved));
    QList<Alert> held;
    for (const Alert &alert : d->book.alerts()) {
        if (alert.endedAt == 0 && d->monitor)
            held << alert;
    }
    if (!held.isEmpty())
        d->report(d->store->saveSeen(held)); // when they were seen last
}

Result<> AlertLog::open(const QString &file)
{
    auto store = AlertStore::open(file);
    if (!store)
        return fail(store.error());
    auto alerts = store->alerts();
    if (!alerts)
        return fail(alerts.error());
    d->book.restore(std::move(*alerts));
    d->store.emplace(std::move(*store));
    d->examined = d->store->examined();
    d->version = d->store->version();
    QStringList all;
    for (const Alert &alert : d->book.alerts())
        all << alert.id;
    announce(all);
    return {};
}

void AlertLog::watch(HealthMonitor *monitor, Namer namer)
{
    d->monitor = monitor;
    d->namer = std::move(namer);
    connect(monitor, &HealthMonitor::changed, this,
        [this](const QString &target) { take(target, false); });
    connect(monitor, &HealthMonitor::examined, this, [this](const QString &target) {
        const qint64 time = now();
        d->examined[target] = d->unsaved[target] = time;
        if (d->book.hasRestored(target))
            take(target, true);
        letGo(target);
    });
}

const std::vector<Alert> &AlertLog::alerts() const
{
    return d->book.alerts();
}

Result<Alert> AlertLog::find(const QString &idOrPrefix) const
{
    const Alert *found = nullptr;
    for (const Alert &alert : d->book.alerts()) {
        if (alert.id == idOrPrefix)
            return alert;
        if (idOrPrefix.isEmpty() || !alert.id.startsWith(idOrPrefix))
            continue;
        if (found != nullptr)
            return fail({ErrorKind::BadInput, QStringLiteral("alerts"),
                tr("Several alerts begin with “%1”.").arg(idOrPrefix), {},
                tr("Give more of the id.")});
        found = &alert;
    }
    if (found != nullptr)
        return *found;
    return fail({ErrorKind::NotFound, QStringLiteral("alerts"), tr("There is no such alert."),
        idOrPrefix, {}});
}

int AlertLog::openCount() const
{
    const qint64 time = now();
    return int(std::count_if(d->book.alerts().begin(), d->book.alerts().end(),
        [time](const Alert &one) { return one.state(time) == AlertState::Open; }));
}

qint64 AlertLog::examinedAt(const QString &target) const
{
    return d->examined.value(target);
}

qint64 AlertLog::now() const
{
    return d->clock();
}

void AlertLog::take(const QString &target, bool heard)
{
    if (!d->monitor)
        return;
    const auto nameOf = [&](const QString &device) {
        return d->namer ? d->namer(target, device) : Names{target, device};
    };
    QList<HeldFinding> held;
    const auto all = d->monitor->alertsOf(target);
    for (const HealthAlert &one : all)
        held << HeldFinding{one.device, nameOf(one.device).device, one.finding};
    AlertBook::Judged judged;
    if (heard)
        judged = [this, &target](const QString &device, const QString &rule) {
            return d->monitor->canJudge(target, device, rule);
        };
    const auto change = d->book.take(target, nameOf({}).node, held, now(), judged);
    if (change.changed.isEmpty())
        return;
    if (d->store) {
        d->report(d->store->saveSeen(d->some(change.changed)));
        if (!change.woken.isEmpty())
            d->report(d->store->saveSnoozed(d->some(change.woken)));
    }
    QList<Alert> fresh;
    const auto raisedNow = d->some(change.raised);
    for (const Alert &alert : raisedNow) {
        if (alert.state(now()) == AlertState::Open)
            fresh << alert;
    }
    if (!fresh.isEmpty())
        Q_EMIT raised(fresh);
    announce(change.changed);
}

// What the rules find of them ends with that: nothing will be heard of them.
void AlertLog::letGo(const QString &target)
{
    auto gone = d->monitor->missing(target);
    gone.removeIf([&](const QString &device) {
        return std::none_of(
            d->book.alerts().begin(), d->book.alerts().end(), [&](const Alert &alert) {
                const bool tells = (alert.rule == QLatin1String("lost") && alert.device == device)
                    || alert.rule == QLatin1String("driver-silent");
                return tells && alert.target == target && alert.endedAt == 0
                    && alert.acknowledgedAt != 0;
            });
    });
    for (const QString &device : std::as_const(gone))
        d->monitor->forgetGpu(target, device);
}

void AlertLog::keepOnly(const QSet<QString> &targets)
{
    const auto change = d->book.keepOnly(targets, now());
    if (change.changed.isEmpty())
        return;
    if (d->store)
        d->report(d->store->saveSeen(d->some(change.changed)));
    announce(change.changed);
}

Result<> AlertLog::say(const QStringList &ids, qint64 Alert::*what, qint64 value)
{
    QList<Alert> said;
    for (const auto &id : ids) {
        auto alert = find(id);
        if (!alert)
            return fail(alert.error());
        if (alert->endedAt != 0)
            return fail({ErrorKind::Conflict, QStringLiteral("alerts"), tr("This alert has ended."),
                alert->id, {}});
        (*alert).*what = value;
        said << *alert;
    }
    if (d->store) {
        const bool acknowledges = what == &Alert::acknowledgedAt;
        if (auto done
            = acknowledges ? d->store->saveAcknowledged(said) : d->store->saveSnoozed(said);
            !done)
            return done;
    }
    QStringList changes;
    for (const Alert &alert : std::as_const(said)) {
        d->book.find(alert.id)->*what = value;
        changes << alert.id;
    }
    announce(changes);
    return {};
}

Result<> AlertLog::acknowledge(const QStringList &ids, bool acknowledged)
{
    return say(ids, &Alert::acknowledgedAt, acknowledged ? now() : 0);
}

Result<> AlertLog::snooze(const QStringList &ids, qint64 until)
{
    return say(ids, &Alert::snoozedUntil, until);
}

void AlertLog::tick()
{
    const qint64 time = now();
    if (d->store && d->ticks++ % 2 == 0) {
        const qint64 version = d->store->version();
        if (version != d->version) { // somebody else wrote: what was said is theirs to say
            d->version = version;
            if (const auto rows = d->store->alerts()) {
                if (const auto news = d->hear(*rows); !news.isEmpty())
                    announce(news);
            }
        }
        if (!d->unsaved.isEmpty() && time - d->examinedSavedAt >= examinedEveryMs) {
            d->examinedSavedAt = time;
            const auto saved = d->store->saveExamined(d->unsaved);
            d->report(saved);
            if (saved)
                d->unsaved.clear();
        }
    }
    if (time - d->expiredAt >= expireEveryMs) {
        d->expiredAt = time;
        const auto gone = d->book.expire(time);
        if (!gone.isEmpty()) {
            if (d->store)
                d->report(d->store->remove(gone));
            announce(gone);
        }
    }
    if (openCount() != d->openBefore) // a snooze has run out
        announce({});
}

void AlertLog::announce(const QStringList &ids)
{
    d->openBefore = openCount();
    d->toAnnounce << ids;
    if (std::exchange(d->announcing, true))
        return;
    QTimer::singleShot(0, this, [this] {
        d->announcing = false;
        auto ids = std::exchange(d->toAnnounce, {});
        ids.removeDuplicates();
        Q_EMIT changed(ids);
    });
}

} // namespace pilothouse
