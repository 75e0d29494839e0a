// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/jumphosts.h"

#include "core/transport/libsshsession.h"
#include "core/transport/stageclock.h"

#include <QHash>

#include <vector>

namespace pilothouse {

namespace {

// Who goes through which hop, by way and user. Main thread.
struct Hop {
    std::weak_ptr<SshSession> session;
    bool connecting = false;
    std::vector<Reply<>> waiting;
};

QHash<QString, std::shared_ptr<Hop>> &hopTable()
{
    static QHash<QString, std::shared_ptr<Hop>> table;
    return table;
}

// The hop's own stages as one line.
StageSink asHopLine(StageSink report, std::shared_ptr<StageClock> line)
{
    return [report = std::move(report), line](const StageReport &inner) {
        if (inner.state != StageState::Failed)
            line->running(stageTitle(inner.stage)
                + (inner.result.isEmpty() ? QString() : QStringLiteral(": ") + inner.result));
    };
}

Task<Result<std::shared_ptr<SshSession>>> connectHop(Context context, QString way,
    std::shared_ptr<ResolvedHost> host, std::shared_ptr<SshSession> via, Prompter *prompter,
    StageSink report)
{
    const auto line = std::make_shared<StageClock>(report, Stage::JumpHost, host->alias);
    auto &table = hopTable();
    auto hop = table.value(way);
    if (!hop)
        hop = *table.insert(way, std::make_shared<Hop>());
    while (hop->connecting) {
        Reply<> reply;
        hop->waiting.push_back(reply);
        auto waiting = bounded(context, reply, stageId(Stage::JumpHost), {});
        const auto woken = co_await std::move(waiting);
        if (!woken)
            co_return fail(line->failed(woken.error()));
    }
    if (const auto session = hop->session.lock(); session && session->alive()) {
        line->done(QCoreApplication::translate(
            "transport", "already connected, channel opened through it"));
        co_return session;
    }
    hop->connecting = true;
    auto last = std::make_shared<QString>();
    auto sink = [line, last, inner = asHopLine(report, line)](const StageReport &one) {
        inner(one);
        if (one.state == StageState::Done && one.stage == Stage::Authentication)
            *last = one.result;
    };
    auto establishing = establish(context, host, via, prompter, sink);
    const auto session = co_await std::move(establishing);
    hop->connecting = false;
    if (session)
        hop->session = *session;
    for (const auto &waiter : std::exchange(hop->waiting, {}))
        waiter.finish({});
    if (!session) {
        Error error = session.error();
        error.message = QCoreApplication::translate("transport", "Jump host %1: %2")
                            .arg(host->alias, error.message);
        const QString stage = error.stage; // the step tells more than "jump_host"
        line->failed(error);
        error.stage = stage;
        co_return fail(error);
    }
    line->done(displayName(*host) + QStringLiteral(", ") + *last);
    co_return *session;
}

} // namespace

Task<Result<std::shared_ptr<SshSession>>> connectJumps(Context context,
    QList<std::shared_ptr<ResolvedHost>> hops, Prompter *prompter, StageSink report)
{
    std::shared_ptr<SshSession> via;
    QString way;
    for (const auto &host : hops) {
        way += QLatin1Char('>') + displayName(*host) + QLatin1Char('/') + host->alias;
        auto connecting = connectHop(context, way, host, via, prompter, report);
        const auto session = co_await std::move(connecting);
        if (!session)
            co_return fail(session.error());
        via = *session;
    }
    co_return via;
}

QString jumpNames(const QList<std::shared_ptr<ResolvedHost>> &hops)
{
    QStringList names;
    for (const auto &host : hops)
        names << host->alias;
    return names.join(QStringLiteral(", "));
}

} // namespace pilothouse
