// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// One connection attempt of a session: stage after stage, each timed and told.
#include "core/agentlink/agentchannel.h"
#include "core/agentlink/deploy.h"
#include "core/base/units.h"
#include "core/session/sessionprivate.h"

#include <QCoreApplication>
#include <QCoroTimer>
#include <QDateTime>
#include <QElapsedTimer>

namespace pilothouse {

namespace {

/// Tells a stage's running, and its end with the time it took.
class StageTimer {
public:
    StageTimer(std::shared_ptr<SessionPrivate> d, Stage stage)
        : m_d(std::move(d))
    {
        m_report.stage = stage;
        m_report.state = StageState::Running;
        m_timer.start();
        m_d->put(m_report);
    }
    void done(const QString &result, StageState state = StageState::Done)
    {
        m_report.state = state;
        m_report.result = result;
        m_report.progress = -1;
        m_report.milliseconds = m_timer.elapsed();
        m_d->put(m_report);
    }
    void failed(const Error &error)
    {
        m_report.error = error;
        done(error.message, StageState::Failed);
    }
    void progress(const QString &text, double ratio)
    {
        m_report.result = text;
        m_report.progress = ratio;
        m_report.milliseconds = m_timer.elapsed();
        m_d->put(m_report);
    }
    qint64 elapsed() const { return m_timer.elapsed(); }

private:
    std::shared_ptr<SessionPrivate> m_d;
    StageReport m_report;
    QElapsedTimer m_timer;
};

QString tr(const char *text)
{
    return QCoreApplication::translate("session", text);
}

QString uploadText(qint64 done, qint64 total, qint64 elapsedMs)
{
    QString text = tr("uploading %1, %2 %")
                       .arg(formatBytes(double(total), false))
                       .arg(total > 0 ? done * 100 / total : 0);
    if (elapsedMs > 300 && done > 0 && done < total) {
        const qint64 left = (total - done) * elapsedMs / done;
        text += tr(", %1 left").arg(formatDuration(std::chrono::milliseconds(left)));
    }
    return text;
}

/// Path of an agent that can be started there; an empty path with `without` set when none can be.
struct AgentPlace {
    QString path, without;
};

Task<Result<AgentPlace>> ensureAgent(std::shared_ptr<SessionPrivate> d, Context context,
    std::shared_ptr<Transport> transport, HostProbe probe, bool deploy)
{
    auto timer = std::make_shared<StageTimer>(d, Stage::Agent);
    AgentPlace place;
    const auto binary = agentBinaryFor(probe.arch);
    if (!binary) {
        place.without = tr("This console has no agent for %1.").arg(probe.arch);
    } else if (!probe.agentPath.isEmpty() && (probe.executable || probe.untried)) {
        place.path = probe.agentPath;
        timer->done(tr("%1 is there").arg(binary->version));
        co_return place;
    } else if (!probe.trouble.isEmpty()) {
        place.without = probe.trouble;
    } else if (!deploy) {
        timer->done(tr("%1; connecting puts %2 in %3")
                        .arg(probe.agentDamaged ? tr("damaged there") : tr("not there yet"),
                            formatBytes(double(binary->size), false),
                            probe.dataHome + QStringLiteral("/pilothouse")));
        co_return place;
    } else if (d->target.protection == Protection::ReadOnly) {
        place.without = tr("This target is read-only, so no agent is put there.");
    } else if (!d->deployer) {
        place.without = tr("The agent is not on this host.");
    } else {
        auto progress = [timer](qint64 done, qint64 total) {
            timer->progress(uploadText(done, total, timer->elapsed()),
                total > 0 ? double(done) / double(total) : -1);
        };
        const auto deployed
            = co_await d->deployer(context, d->target, transport, probe, *binary, progress);
        if (deployed) {
            place.path = *deployed;
            timer->done(tr("%1 put there, %2")
                            .arg(binary->version, formatBytes(double(binary->size), false)));
            co_return place;
        }
        const auto kind = deployed.error().kind;
        if (kind != ErrorKind::NoSpace && kind != ErrorKind::Unsupported) {
            timer->failed(deployed.error());
            co_return fail(deployed.error());
        }
        place.without = deployed.error().message;
    }
    timer->done(place.without, StageState::Skipped);
    co_return place;
}

/// What the agent said when it could not start is what a person wants to read.
void addStandardError(Error &error, const QByteArray &text)
{
    const QString said = QString::fromUtf8(text).trimmed();
    if (said.isEmpty())
        return;
    error.cause = error.cause.isEmpty() ? said : error.cause + QLatin1Char('\n') + said;
    const QString prefix = QStringLiteral("pilothouse-agent: ");
    const QString last = said.section(QLatin1Char('\n'), -1);
    if (last.startsWith(prefix)) {
        error.message = last.mid(prefix.size());
        error.next = tr("“pilothouse-agent status” on the host tells more.");
    }
}

/// The wire is understood from two versions back to one ahead; this is the first.
Result<> checkProtocol(const NodeFacts &facts)
{
    if (facts.protocol >= 1 && facts.protocol <= 2)
        return {};
    return fail({ErrorKind::Unsupported, QStringLiteral("handshake"),
        tr("The agent there speaks protocol %1, which this console does not know.")
            .arg(facts.protocol),
        facts.agentVersion, tr("Update this console.")});
}

/// Three hellos: the shortest round trip gives the best estimate of the clocks' difference.
Task<Result<>> shakeHands(Context context, std::shared_ptr<Link> link)
{
    for (int i = 0; i < 3; ++i) {
        QElapsedTimer timer;
        const qint64 before = QDateTime::currentMSecsSinceEpoch() * 1'000'000;
        timer.start();
        const auto facts = co_await link->agent->hello(context.within(std::chrono::seconds(15)));
        if (!facts)
            co_return fail(facts.error());
        if (const auto known = checkProtocol(*facts); !known)
            co_return fail(known.error());
        const qint64 roundTrip = timer.nsecsElapsed();
        if (i == 0 || roundTrip < link->roundTripNs)
            link->roundTripNs = roundTrip;
        link->clock->measure(facts->wallNs, before + roundTrip / 2, roundTrip / 2);
        link->facts = *facts;
    }
    co_return Result<>();
}

/// What is known of a host whose agent tells nothing.
void aboutHost(Link &link, const HostProbe &probe)
{
    link.facts.os = probe.os;
    link.facts.kernel = probe.kernel;
    link.facts.arch = probe.arch;
    link.facts.home = probe.home;
}

/// Starts the agent's bridge, waits for its greeting and shakes hands.
Task<Result<>> greet(std::shared_ptr<SessionPrivate> d, Context context, std::shared_ptr<Link> link,
    QString agentPath)
{
    StageTimer handshake(d, Stage::Handshake);
    QStringList words{QStringLiteral("connect")};
    if (d->target.protection == Protection::ReadOnly)
        words << QStringLiteral("--running");
    const Command connect(agentPath, words);
    const auto opened
        = co_await link->transport->open(context.within(std::chrono::seconds(20)), connect);
    if (!opened) {
        handshake.failed(opened.error());
        co_return fail(opened.error());
    }
    if (const auto magic = co_await awaitMagic(context, (*opened)->get()); !magic) {
        Error error = magic.error();
        const auto end = (*opened)->end();
        if (end && error.kind == ErrorKind::BadReply)
            addStandardError(error, end->err());
        constexpr int notRunning = 3; // of `connect --running`
        if (d->target.protection == Protection::ReadOnly && end
            && (end->exitCode() == notRunning || end->err().contains("does not run here"))) {
            link->without = tr("This target is read-only, and its agent does not run: none is "
                               "started.");
            handshake.done(link->without, StageState::Skipped);
            co_return Result<>();
        }
        handshake.failed(error);
        co_return fail(error);
    }
    link->agent = makeAgentClient(std::move(**opened));
    if (const auto shaken = co_await shakeHands(context, link); !shaken) {
        handshake.failed(shaken.error());
        co_return fail(shaken.error());
    }
    handshake.done(
        tr("agent %1, round trip %2")
            .arg(link->facts.agentVersion,
                QStringLiteral("%1 ms").arg(double(link->roundTripNs) / 1e6, 0, 'f', 1)));
    co_return Result<>();
}

} // namespace

Task<Result<std::shared_ptr<Link>>> runAttempt(
    std::shared_ptr<SessionPrivate> d, Context context, bool deploy)
{
    const std::weak_ptr<SessionPrivate> weak = d;
    StageSink sink = [weak](const StageReport &report) {
        if (const auto strong = weak.lock())
            strong->put(report);
    };
    auto connecting = d->connector(context, d->target, d->prompter, sink);
    const auto connected = co_await std::move(connecting);
    if (!connected)
        co_return fail(connected.error());
    auto link = std::make_shared<Link>();
    link->targetId = d->target.id;
    d->clock = link->clock;
    link->transport = connected->transport;
    link->summary = connected->summary;
    link->transportWhy = connected->why;
    const auto closed = [&](const Error &error) {
        link->transport->close();
        return fail(error);
    };

    if (link->transport->servesAgent()) {
        for (const auto stage : {Stage::Shell, Stage::Platform, Stage::Agent}) {
            StageTimer skipped(d, stage);
            skipped.done(tr("simulated"), StageState::Skipped);
        }
        if (!deploy) {
            for (const auto stage : {Stage::Handshake, Stage::FirstSample}) {
                StageTimer skipped(d, stage);
                skipped.done(tr("not part of the test"), StageState::Skipped);
            }
            co_return link;
        }
        auto greeting = greet(d, context, link, QString());
        if (const auto greeted = co_await std::move(greeting); !greeted)
            co_return closed(greeted.error());
        co_return link;
    }
    StageTimer shell(d, Stage::Shell);
    QElapsedTimer asking;
    const qint64 asked = QDateTime::currentMSecsSinceEpoch() * 1'000'000;
    asking.start();
    const bool readOnly = d->target.protection == Protection::ReadOnly;
    const auto probe = co_await probeHost(context, link->transport, readOnly);
    const qint64 took = asking.nsecsElapsed();
    if (!probe) {
        shell.failed(probe.error());
        co_return closed(probe.error());
    }
    if (probe->clockSeconds > 0) { // of its second nothing more is known: the middle of it is meant
        constexpr qint64 half = 500'000'000;
        link->clock->measure(
            probe->clockSeconds * 2 * half + half, asked + took / 2, took / 2 + half);
    }
    const QString name = probe->shell.section(QLatin1Char('/'), -1);
    shell.done(probe->shellQuiet
            ? tr("%1, quiet").arg(name)
            : tr("%1 prints “%2”, which is skipped").arg(name, probe->shellNoise));
    StageTimer platform(d, Stage::Platform);
    const auto skew = link->clock->skewMs();
    platform.done(QStringLiteral("%1 %2 %3, %4")
                      .arg(probe->os, probe->kernel, probe->arch,
                          probe->untried          ? tr("read-only: nothing was tried")
                              : probe->executable ? tr("home is writable and executable")
                              : probe->writable   ? tr("home cannot run programs")
                                                  : tr("home cannot be written"))
        + (skew ? QStringLiteral(", ") + skewWord(*skew) : QString()));

    const auto place = co_await ensureAgent(d, context, link->transport, *probe, deploy);
    if (!place)
        co_return closed(place.error());
    if (place->path.isEmpty() || !deploy) {
        link->without = place->without;
        aboutHost(*link, *probe);
        for (const auto stage : {Stage::Handshake, Stage::FirstSample}) {
            StageTimer skipped(d, stage);
            skipped.done(deploy ? tr("no agent") : tr("not part of the test"), StageState::Skipped);
        }
        co_return link;
    }

    auto greeting = greet(d, context, link, place->path);
    if (const auto greeted = co_await std::move(greeting); !greeted)
        co_return closed(greeted.error());
    if (!link->agent) {
        aboutHost(*link, *probe);
        StageTimer skipped(d, Stage::FirstSample);
        skipped.done(tr("no agent"), StageState::Skipped);
    }
    co_return link;
}

Task<> awaitFirstSample(
    std::shared_ptr<SessionPrivate> d, std::shared_ptr<const Link> link, Context context)
{
    StageTimer timer(d, Stage::FirstSample);
    Reply<int> first;
    TelemetryHandlers handlers;
    handlers.ticks = [first](const std::vector<AgentTick> &ticks, qint64, qint64) {
        int values = 0;
        for (const double value : ticks.back().values)
            values += value == value;
        first.finish(values);
    };
    handlers.ended = [first](const Error &error) { first.finish(fail(error)); };
    const auto stream = link->agent->subscribe(TelemetryCursor(), 1, std::move(handlers));
    const std::stop_callback stopped(
        context.stop(), [first] { first.finish(fail(cancelled(QStringLiteral("first sample")))); });
    auto late = std::make_unique<QTimer>();
    late->setSingleShot(true);
    QObject::connect(late.get(), &QTimer::timeout, [first] {
        first.finish(
            fail(timedOut(QStringLiteral("first sample"), tr("No sample came within 10 s."))));
    });
    late->start(10'000);
    auto future = first.future();
    const auto result = co_await std::move(future);
    if (result)
        timer.done(tr("%1 values").arg(*result));
    else
        timer.failed(result.error());
}

} // namespace pilothouse
