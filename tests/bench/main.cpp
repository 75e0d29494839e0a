// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Our side of the benchmarks: one subcommand each, figures as "name value" lines on stdout.
//   subscribe SECONDS         one telemetry subscriber on this machine; prints samples
//   rpc ALIAS CALLS           unary calls back to back on a warm channel; prints p50_us
//   connect ALIAS             cold connect to the handshake's reply; prints ms
//   fanout LIMIT ALIAS...     `true` on every host; prints failures
#include "core/agentlink/agentchannel.h"
#include "core/agentlink/deploy.h"
#include "core/base/foreachlimited.h"
#include "core/session/workspace.h"
#include "core/transport/connector.h"
#include "core/transport/ioloop.h"
#include "tests/support/permitfortests.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTimer>

#include <QCoroTimer>

#include <algorithm>
#include <cstdio>

using namespace pilothouse;

namespace {

/// Benchmarks run with known keys: nobody is asked.
class NoPrompter : public Prompter {
public:
    Task<Result<HostKeyAnswer>> askHostKey(Context, HostKeyQuestion) override
    {
        co_return fail({ErrorKind::Denied, QStringLiteral("host_key"),
            QStringLiteral("Benchmarks accept no keys."), {}, {}});
    }
    Task<Result<QList<Secret>>> askSecrets(Context, SecretQuestion) override
    {
        co_return fail({ErrorKind::Denied, QStringLiteral("authentication"),
            QStringLiteral("Benchmarks have no secrets."), {}, {}});
    }
};

struct Bench {
    NoPrompter prompter;
    QTemporaryDir folder;
    Workspace workspace{folder.filePath(QStringLiteral("workspace.db")), &prompter};
};

[[noreturn]] void die(const Error &error)
{
    std::fprintf(stderr, "%s: %s (%s)\n", qPrintable(error.stage), qPrintable(error.message),
        qPrintable(error.cause));
    std::exit(1);
}

Task<Result<QString>> deployHere(Context context, Target, std::shared_ptr<Transport> transport,
    HostProbe probe, AgentBinary binary, Progress progress)
{
    auto deployed = deployAgent(context, PermitForTests::make(), std::move(transport),
        std::move(probe), std::move(binary), std::move(progress));
    co_return co_await std::move(deployed);
}

Session *sessionOf(Bench &bench, const QString &name)
{
    const auto target = bench.workspace.target(name);
    if (!target) {
        std::fprintf(stderr, "no target %s\n", qPrintable(name));
        std::exit(1);
    }
    return bench.workspace.session(target->id);
}

Task<std::shared_ptr<const Link>> opened(Bench &bench, QString name)
{
    auto link = co_await sessionOf(bench, name)->open(Context());
    if (!link)
        die(link.error());
    if (!(*link)->agent) {
        std::fprintf(stderr, "no agent: %s\n", qPrintable((*link)->without));
        std::exit(1);
    }
    co_return *link;
}

Task<> rpc(Bench &bench, QString alias, int calls)
{
    const auto link = co_await opened(bench, alias);
    std::vector<qint64> times;
    for (int i = 0; i < calls; ++i) {
        QElapsedTimer timer;
        timer.start();
        const auto answer = co_await link->agent->stat(Context(), QStringList());
        if (!answer)
            die(answer.error());
        times.push_back(timer.nsecsElapsed());
    }
    std::nth_element(times.begin(), times.begin() + std::ptrdiff_t(times.size() / 2), times.end());
    std::printf("p50_us %.1f\n", double(times[times.size() / 2]) / 1000);
}

Task<> connectOnce(Bench &bench, QString alias)
{
    QElapsedTimer timer;
    timer.start();
    qint64 handshake = 0;
    auto *session = sessionOf(bench, alias);
    QObject::connect(session, &Session::stagesChanged, session, [&] {
        for (const auto &stage : session->stages()) {
            if (stage.stage == Stage::Handshake && stage.state == StageState::Done
                && handshake == 0)
                handshake = timer.nsecsElapsed();
        }
    });
    co_await opened(bench, alias);
    std::printf("ms %.2f\n", double(handshake != 0 ? handshake : timer.nsecsElapsed()) / 1e6);
}

Task<> fanout(Bench &bench, int limit, QStringList aliases)
{
    int failures = 0;
    auto one = [&](QString alias) -> Task<> {
        const auto target = bench.workspace.target(alias);
        auto connected = co_await connectTransport(
            Context(), *target, &bench.prompter, [](const StageReport &) {});
        if (!connected) {
            std::fprintf(stderr, "%s\n", qPrintable(connected.error().message));
            ++failures;
            co_return;
        }
        const Command command(QStringLiteral("true"));
        const auto output = co_await connected->transport->run(Context(), command);
        failures += !output || output->exitCode != 0;
        connected->transport->close();
    };
    co_await forEachLimited(
        std::vector<QString>(aliases.begin(), aliases.end()), std::size_t(limit), one);
    std::printf("failures %d\n", failures);
}

Task<> subscribe(Bench &bench, int seconds)
{
    const auto link = co_await opened(bench, QStringLiteral("local"));
    qint64 samples = 0, ticks = 0;
    TelemetryHandlers handlers;
    handlers.catalogue = [](const AgentCatalogue &) {};
    handlers.ticks = [&](std::vector<AgentTick> batch, qint64, qint64) {
        for (const auto &tick : batch) {
            ++ticks;
            samples += std::count_if(tick.values.begin(), tick.values.end(),
                [](double value) { return value == value; });
        }
    };
    handlers.ended = [](const Error &error) { die(error); };
    const auto stream = link->agent->subscribe(TelemetryCursor(), 1, std::move(handlers));
    std::printf("started 1\n");
    std::fflush(stdout);
    QTimer timer;
    timer.setSingleShot(true);
    timer.start(seconds * 1000);
    co_await timer;
    std::printf("samples %lld\nticks %lld\n", samples, ticks);
}

Task<> chosen(Bench &bench, QStringList arguments)
{
    const QString verb = arguments.value(1);
    if (verb == QLatin1String("rpc"))
        co_await rpc(bench, arguments.value(2), arguments.value(3).toInt());
    else if (verb == QLatin1String("connect"))
        co_await connectOnce(bench, arguments.value(2));
    else if (verb == QLatin1String("fanout"))
        co_await fanout(bench, arguments.value(2).toInt(), arguments.mid(3));
    else if (verb == QLatin1String("subscribe"))
        co_await subscribe(bench, arguments.value(2).toInt());
    else
        std::exit(2);
    QCoreApplication::quit();
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    {
        Bench bench;
        if (const auto loaded = bench.workspace.load(); !loaded)
            die(loaded.error());
        bench.workspace.setDeployer(&deployHere);
        QTimer::singleShot(0, &app, [&] { chosen(bench, QCoreApplication::arguments()); });
        app.exec();
    }
    stopAgentThreads();
    IoLoop::instance().stop();
    return 0;
}
