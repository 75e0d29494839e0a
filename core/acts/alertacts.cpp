// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// What a person says of alerts. The subject is an alert's id, or several with commas between: a
// group is acknowledged as one.
#include "core/acts/actsupport.h"
#include "core/acts/acttable.h"
#include "core/session/alertlog.h"

#include <QCoreApplication>
#include <QJsonArray>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("acts", text);
}

static QStringList idsOf(const ActRequest &request)
{
    return request.subject.split(QLatin1Char(','), Qt::SkipEmptyParts);
}

/// Refused with `why` when `fits` holds for none of them; those it does not hold for are left out.
static Can canAny(Services &services, const ActRequest &request,
    const std::function<bool(const Alert &)> &fits, const QString &why)
{
    if (services.alerts == nullptr || request.subject.isEmpty())
        return Can::absent();
    bool known = false, ended = true;
    const auto ids = idsOf(request);
    for (const auto &id : ids) {
        const auto alert = services.alerts->find(id);
        if (!alert)
            continue;
        known = true;
        ended = ended && alert->endedAt != 0;
        if (alert->endedAt == 0 && fits(*alert))
            return Can::allowed();
    }
    return !known ? Can::absent()
        : ended   ? Can::refused(tr("The alert has ended."))
                  : Can::refused(why);
}

static QStringList fitting(
    Services &services, const ActRequest &request, const std::function<bool(const Alert &)> &fits)
{
    QStringList ids;
    const auto asked = idsOf(request);
    for (const auto &id : asked) {
        const auto alert = services.alerts->find(id);
        if (alert && alert->endedAt == 0 && fits(*alert))
            ids << alert->id;
    }
    return ids;
}

static bool unsaid(const Alert &alert)
{
    return alert.acknowledgedAt == 0;
}
static bool said(const Alert &alert)
{
    return alert.acknowledgedAt != 0;
}
static bool anyOne(const Alert &)
{
    return true;
}
static bool sleeps(const Alert &alert)
{
    return alert.snoozedUntil != 0;
}

static Result<QJsonObject> answer(const Result<> &done, const QStringList &ids)
{
    if (!done)
        return fail(done.error());
    return QJsonObject{{QStringLiteral("alerts"), QJsonArray::fromStringList(ids)}};
}

static Can canAcknowledge(Services &services, const ActRequest &request)
{
    return canAny(services, request, &unsaid, tr("It is acknowledged already."));
}
static Can canTakeBack(Services &services, const ActRequest &request)
{
    return canAny(services, request, &said, tr("It is not acknowledged."));
}
static Can canSnooze(Services &services, const ActRequest &request)
{
    return canAny(services, request, &anyOne, {});
}
static Can canWake(Services &services, const ActRequest &request)
{
    return canAny(services, request, &sleeps, tr("It is not snoozed."));
}

static QString command(const char *verb, const ActRequest &request, const QStringList &more = {})
{
    QStringList words{
        QStringLiteral("pilothousectl"), QStringLiteral("alerts"), QString::fromLatin1(verb)};
    return shellWords(words + more + idsOf(request));
}

static QString previewAcknowledge(Services &, const ActRequest &request)
{
    return command("ack", request);
}
static QString previewTakeBack(Services &, const ActRequest &request)
{
    return command("unack", request);
}
static QString previewSnooze(Services &, const ActRequest &request)
{
    const QString length = parameter(request, "for");
    return command("snooze", request, length.isEmpty() ? QStringList() : QStringList{length});
}
static QString previewWake(Services &, const ActRequest &request)
{
    return command("wake", request);
}

static Task<Result<QJsonObject>> runAcknowledge(
    Context, Permit, Services &services, ActRequest request)
{
    const auto ids = fitting(services, request, &unsaid);
    co_return answer(services.alerts->acknowledge(ids, true), ids);
}

static Task<Result<QJsonObject>> runTakeBack(
    Context, Permit, Services &services, ActRequest request)
{
    const auto ids = fitting(services, request, &said);
    co_return answer(services.alerts->acknowledge(ids, false), ids);
}

/// Parameters: for ("1h", "8h", "7d", "change"), or until (Unix ms, as an undo gives it back).
static Task<Result<QJsonObject>> runSnooze(Context, Permit, Services &services, ActRequest request)
{
    const auto ids = fitting(services, request, &anyOne);
    qint64 until = qint64(request.parameters.value(QLatin1String("until")).toDouble());
    if (until == 0) {
        const auto length = snoozeLength(parameter(request, "for"));
        if (!length) {
            Error wrong{ErrorKind::BadInput, QStringLiteral("alerts"),
                tr("“%1” is no time to snooze for.").arg(parameter(request, "for")), {},
                tr("Give 30m, 1h, 8h, 7d, or change.")};
            co_return fail(wrong);
        }
        until = *length == Alert::untilChange ? *length : services.alerts->now() + *length;
    }
    co_return answer(services.alerts->snooze(ids, until), ids);
}

static Task<Result<QJsonObject>> runWake(Context, Permit, Services &services, ActRequest request)
{
    const auto ids = fitting(services, request, &sleeps);
    co_return answer(services.alerts->snooze(ids, 0), ids);
}

const Act acknowledgeAlert{"alert.acknowledge", QT_TRANSLATE_NOOP("acts", "Acknowledge"), "Ctrl+D",
    Mutates::Locally, Destructive::No, QT_TRANSLATE_NOOP("acts", "Take the acknowledgement back."),
    &canAcknowledge, &previewAcknowledge, &runAcknowledge};
const Act unacknowledgeAlert{"alert.unacknowledge",
    QT_TRANSLATE_NOOP("acts", "Take acknowledgement back"), "Ctrl+Shift+D", Mutates::Locally,
    Destructive::No, QT_TRANSLATE_NOOP("acts", "Acknowledge it again."), &canTakeBack,
    &previewTakeBack, &runTakeBack};
const Act snoozeAlert{"alert.snooze", QT_TRANSLATE_NOOP("acts", "Snooze"), "", Mutates::Locally,
    Destructive::No, QT_TRANSLATE_NOOP("acts", "Wake it."), &canSnooze, &previewSnooze, &runSnooze};
const Act wakeAlert{"alert.wake", QT_TRANSLATE_NOOP("acts", "Wake snoozed alert"), "",
    Mutates::Locally, Destructive::No, QT_TRANSLATE_NOOP("acts", "Snooze it again."), &canWake,
    &previewWake, &runWake};

} // namespace pilothouse
