// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// A signal to one process. `subject` is what the process is called for people; parameters: pid,
// start_ticks (as text: it may not fit a JSON number) and signal.
#include "core/acts/actsupport.h"
#include "core/acts/acttable.h"
#include "core/agentlink/agentclient.h"

#include <QCoreApplication>

namespace pilothouse {

static QString tr(const char *text)
{
    return QCoreApplication::translate("acts", text);
}

static int signalOf(const ActRequest &request)
{
    return request.parameters.value(QLatin1String("signal")).toInt();
}

/// Absent where no process is meant: menus and the palette offer acts on targets too.
static Can canSignalProcess(Services &services, const ActRequest &request)
{
    return request.parameters.contains(QLatin1String("pid")) ? canWithAgent(services, request)
                                                             : Can::absent();
}

static QString previewSignalProcess(Services &, const ActRequest &request)
{
    return QStringLiteral("kill -%1 %2")
        .arg(signalOf(request))
        .arg(request.parameters.value(QLatin1String("pid")).toInteger());
}

static Task<Result<QJsonObject>> runSignalProcess(
    Context context, Permit permit, Services &services, ActRequest request)
{
    const qint64 pid = request.parameters.value(QLatin1String("pid")).toInteger();
    const quint64 start = parameter(request, "start_ticks").toULongLong();
    const int number = signalOf(request);
    if (pid < 2 || pid > std::numeric_limits<qint32>::max() || number < 1 || number > 64) {
        Error error{ErrorKind::BadInput, QStringLiteral("signal"),
            tr("A signal is a number from 1 to 64, and its process a pid."), {}, {}};
        co_return fail(error);
    }
    const auto link = agentLink(services, request.target);
    if (!link)
        co_return fail(link.error());
    auto signalling = (*link)->agent->signalProcess(context, permit, quint32(pid), start, number);
    if (const auto done = co_await std::move(signalling); !done)
        co_return fail(done.error());
    QJsonObject result;
    result.insert(QStringLiteral("pid"), pid);
    result.insert(QStringLiteral("signal"), number);
    co_return result;
}

const Act signalProcessAct{"process.signal", QT_TRANSLATE_NOOP("acts", "Send signal to process"),
    "", Mutates::Yes, Destructive::Yes, QT_TRANSLATE_NOOP("acts", "Cannot be undone."),
    &canSignalProcess, &previewSignalProcess, &runSignalProcess};

} // namespace pilothouse
