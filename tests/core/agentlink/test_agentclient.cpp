// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/ioloop.h"
#include "tests/support/liveagent.h"

#include <QTest>

using namespace pilothouse;

static JobSpec shell(const QByteArray &script)
{
    JobSpec spec;
    spec.name = QStringLiteral("test");
    spec.script = "#!/bin/sh\n" + script;
    return spec;
}

/// The real client, the real agent, one daemon for all functions.
class TestAgentClient : public QObject {
    Q_OBJECT
    std::unique_ptr<AgentHome> m_home;
    LiveAgent m_live;
    AgentClient *m_agent = nullptr;

    Result<Submitted> submit(const QString &id, const JobSpec &spec)
    {
        return QCoro::waitFor(m_agent->submit(Context(), PermitForTests::make(), id, spec));
    }
    Result<std::pair<int, int>> exec(
        const QStringList &argv, const QByteArray &input, QByteArray *out, QByteArray *err)
    {
        std::optional<Result<std::pair<int, int>>> end;
        ExecHandlers handlers;
        handlers.out = [out](const QByteArray &data) { *out += data; };
        handlers.err = [err](const QByteArray &data) { *err += data; };
        handlers.ended = [&end](Result<std::pair<int, int>> how) { end = std::move(how); };
        const auto stream = m_agent->exec(PermitForTests::make(), argv, {}, {}, handlers);
        stream->write(input);
        stream->closeInput();
        if (!eventually([&] { return end.has_value(); }))
            return fail(timedOut(QStringLiteral("test"), {}));
        return *end;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_home = std::make_unique<AgentHome>();
        m_live = connectAgent();
        QVERIFY2(m_live.client, qPrintable(m_live.trouble));
        m_agent = m_live.client.get();
    }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void cleanupTestCase()
    {
        m_live = {};
        stopAgentThreads();
        IoLoop::instance().stop();
        m_home.reset();
    }

    void helloTellsTheNode()
    {
        const auto facts = QCoro::waitFor(m_agent->hello(Context()));
        QVERIFY(facts);
        QCOMPARE(facts->home, m_home->path());
        QCOMPARE(facts->kernel, QSysInfo::kernelVersion());
        QCOMPARE(facts->protocol, 1u);
        QVERIFY(facts->wallNs > 0 && facts->boottimeNs > 0 && facts->cpuCount > 0);
        const auto binary = agentBinaryFor(facts->arch);
        QVERIFY(binary);
        QCOMPARE(facts->agentVersion, binary->version);
    }

    void ticksComeInOrderWithTheirCatalogueFirst()
    {
        std::optional<AgentCatalogue> catalogue;
        std::vector<AgentTick> seen;
        bool catalogueFirst = true;
        TelemetryHandlers handlers;
        handlers.catalogue = [&](const AgentCatalogue &given) { catalogue = given; };
        handlers.ticks = [&](std::vector<AgentTick> ticks, qint64 wall, qint64 boot) {
            catalogueFirst &= catalogue.has_value() && wall > 0 && boot > 0;
            for (auto &tick : ticks)
                seen.push_back(std::move(tick));
        };
        auto stream = m_agent->subscribe({}, 0, handlers);
        QVERIFY(eventually([&] { return seen.size() >= 3; }));
        QVERIFY(catalogueFirst);
        QVERIFY(!catalogue->ringId.isEmpty() && catalogue->series.size() > 50);
        for (std::size_t i = 1; i < seen.size(); ++i)
            QCOMPARE(seen[i].number, seen[i - 1].number + 1);
        qsizetype load = -1;
        for (qsizetype i = 0; i < catalogue->series.size(); ++i) {
            if (catalogue->series[i].metric == QLatin1String("load1"))
                load = i;
        }
        QVERIFY(load >= 0);
        QVERIFY(seen.back().values[std::size_t(load)] >= 0);

        // A cursor goes on where it stood.
        TelemetryCursor cursor;
        cursor.ringId = catalogue->ringId;
        cursor.after = seen[1].number;
        std::vector<AgentTick> again;
        handlers.catalogue = {};
        handlers.ticks = [&](std::vector<AgentTick> ticks, qint64, qint64) {
            for (auto &tick : ticks)
                again.push_back(std::move(tick));
        };
        const auto second = m_agent->subscribe(cursor, 0, handlers);
        QVERIFY(eventually([&] { return !again.empty(); }));
        QCOMPARE(again.front().number, cursor.after + 1);
    }

    void aStreamThatIsGoneNeverCalls()
    {
        int calls = 0;
        std::unique_ptr<AgentStream> stream;
        TelemetryHandlers handlers;
        handlers.ticks = [&](const std::vector<AgentTick> &, qint64, qint64) {
            ++calls;
            stream.reset(); // from within its own handler
        };
        handlers.ended = [&](const Error &) { ++calls; };
        stream = m_agent->subscribe({}, 0, handlers);
        QVERIFY(eventually([&] { return calls > 0; }));
        QVERIFY(QCoro::waitFor(m_agent->hello(Context()))); // a round trip later
        QCoreApplication::processEvents();
        QCOMPARE(calls, 1);
    }

    void aJobRunsOnceAndItsLogIsWhole()
    {
        QStringList states;
        bool listed = false;
        JobHandlers handlers;
        handlers.job = [&](const Job &job) {
            if (job.id == QLatin1String("job-1"))
                states << jobStateName(job.state);
        };
        handlers.listed = [&] { listed = true; };
        QStringList forgotten;
        handlers.forgotten = [&](const QString &id) { forgotten << id; };
        const auto watch = m_agent->watchJobs(handlers);
        QVERIFY(eventually([&] { return listed; }));
        const auto spec = shell("i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done\n"
                                "printf end; exit 3");
        const auto first = submit(QStringLiteral("job-1"), spec);
        QVERIFY(first);
        QVERIFY(!first->existed);
        QVERIFY(!first->job.user.isEmpty());
        QCOMPARE(first->job.user, QCoro::waitFor(m_agent->hello(Context()))->user);
        const auto second = submit(QStringLiteral("job-1"), spec);
        QVERIFY(second);
        QVERIFY(second->existed);

        QByteArray log;
        bool contiguous = true;
        std::optional<bool> complete;
        LogHandlers reading;
        reading.data = [&](quint64 offset, const QByteArray &data) {
            contiguous &= offset == quint64(log.size());
            log += data;
        };
        reading.ended = [&](bool whole, const std::optional<Error> &) { complete = whole; };
        const auto stream = m_agent->readLog(QStringLiteral("job-1"), 0, true, 0, reading);
        QVERIFY(eventually([&] { return complete.has_value(); }));
        QVERIFY(*complete && contiguous);
        QVERIFY(log.startsWith("line 0\n") && log.endsWith("line 19999\nend"));

        QVERIFY(eventually([&] { return states.contains(QLatin1String("failed")); }));
        const auto jobs = QCoro::waitFor(m_agent->jobs(Context(), {QStringLiteral("job-1")}));
        QVERIFY(jobs);
        QCOMPARE(jobs->size(), 1);
        QCOMPARE(*jobs->at(0).exitCode, 3);
        QVERIFY(QCoro::waitFor(
            m_agent->forget(Context(), PermitForTests::make(), QStringLiteral("job-1"))));
        QVERIFY(eventually([&] { return forgotten == QStringList{QStringLiteral("job-1")}; }));
    }

    void aJobIsCancelled()
    {
        QVERIFY(submit(QStringLiteral("job-2"), shell("sleep 600")));
        const auto early = QCoro::waitFor(
            m_agent->forget(Context(), PermitForTests::make(), QStringLiteral("job-2")));
        QVERIFY(!early);
        QCOMPARE(early.error().kind, ErrorKind::Conflict);
        QVERIFY(QCoro::waitFor(
            m_agent->cancel(Context(), PermitForTests::make(), QStringLiteral("job-2"), 5)));
        QVERIFY(eventually([&] {
            const auto jobs = QCoro::waitFor(m_agent->jobs(Context(), {QStringLiteral("job-2")}));
            return jobs && jobs->value(0).state == JobState::Cancelled;
        }));
    }

    void anUnknownJobIsNotFound()
    {
        const auto none = QCoro::waitFor(
            m_agent->cancel(Context(), PermitForTests::make(), QStringLiteral("nobody"), 1));
        QVERIFY(!none);
        QCOMPARE(none.error().kind, ErrorKind::NotFound);
        std::optional<Error> error;
        LogHandlers reading;
        reading.ended = [&](bool, std::optional<Error> why) { error = std::move(why); };
        const auto stream = m_agent->readLog(QStringLiteral("nobody"), 0, true, 0, reading);
        QVERIFY(eventually([&] { return error.has_value(); }));
        QCOMPARE(error->kind, ErrorKind::NotFound);
    }

    void execCarriesBytesBothWays()
    {
        QByteArray big(1'000'000, '\0');
        for (qsizetype i = 0; i < big.size(); ++i)
            big[i] = char(i * 7);
        QByteArray out, err;
        auto end = exec({QStringLiteral("cat")}, big, &out, &err);
        QVERIFY(end);
        QCOMPARE(*end, (std::pair<int, int>(0, 0)));
        QVERIFY(out == big);
        out.clear();
        end = exec({QStringLiteral("sh"), QStringLiteral("-c"),
                       QStringLiteral("echo out; echo err >&2; exit 7")},
            {}, &out, &err);
        QVERIFY(end);
        QCOMPARE(end->first, 7);
        QCOMPARE(out, QByteArray("out\n"));
        QCOMPARE(err, QByteArray("err\n"));
    }

    void execIsSignalledAndAbandoned()
    {
        std::optional<Result<std::pair<int, int>>> end;
        QByteArray out;
        ExecHandlers handlers;
        handlers.out = [&](const QByteArray &data) { out += data; };
        handlers.ended = [&](Result<std::pair<int, int>> how) { end = std::move(how); };
        const QStringList argv{
            QStringLiteral("sh"), QStringLiteral("-c"), QStringLiteral("echo $$; exec sleep 600")};
        auto stream = m_agent->exec(PermitForTests::make(), argv, {}, {}, handlers);
        QVERIFY(eventually([&] { return out.endsWith('\n'); }));
        stream->signal(15);
        QVERIFY(eventually([&] { return end.has_value(); }));
        QVERIFY(*end);
        QCOMPARE((*end)->second, 15);
        out.clear();
        end.reset();
        stream = m_agent->exec(PermitForTests::make(), argv, {}, {}, handlers);
        QVERIFY(eventually([&] { return out.endsWith('\n'); }));
        const int pid = out.trimmed().toInt();
        stream.reset(); // the command does not outlive it
        QVERIFY(
            eventually([&] { return !QFile::exists(QStringLiteral("/proc/%1/stat").arg(pid)); }));
        QVERIFY(!end);
    }

    void stopReachesTheWire()
    {
        QFile file(m_home->path() + QStringLiteral("/sparse"));
        QVERIFY(file.open(QFile::WriteOnly));
        QVERIFY(file.resize(qint64(1) << 40)); // takes minutes to read
        std::stop_source source;
        auto task = m_agent->hash(Context(source.get_token()), file.fileName());
        source.request_stop();
        QCOMPARE(QCoro::waitFor(std::move(task)).error().kind, ErrorKind::Cancelled);
        const Context stopped(source.get_token());
        QCOMPARE(QCoro::waitFor(m_agent->hello(stopped)).error().kind, ErrorKind::Cancelled);
        const Context late({}, QDeadlineTimer(0));
        QCOMPARE(QCoro::waitFor(m_agent->hello(late)).error().kind, ErrorKind::Timeout);
    }

    void theOwnerMayGoMeanwhile()
    {
        auto other = connectAgent();
        QVERIFY2(other.client, qPrintable(other.trouble));
        auto hello = other.client->hello(Context());
        auto listing = other.client->listFolder(Context(), QStringLiteral("/"));
        other.client.reset();
        static_cast<void>(QCoro::waitFor(std::move(hello))); // either is fine; it ends
        static_cast<void>(QCoro::waitFor(std::move(listing)));
    }

    void twoClientsShareADaemon()
    {
        auto other = connectAgent();
        QVERIFY2(other.client, qPrintable(other.trouble));
        const auto mine = QCoro::waitFor(m_agent->hello(Context()));
        const auto theirs = QCoro::waitFor(other.client->hello(Context()));
        QVERIFY(mine && theirs);
        QCOMPARE(mine->startedNs, theirs->startedNs);
        QStringList seen;
        JobHandlers handlers;
        handlers.job = [&](const Job &job) { seen << job.id; };
        const auto watch = other.client->watchJobs(handlers);
        QVERIFY(submit(QStringLiteral("job-3"), shell("true")));
        QVERIFY(eventually([&] { return seen.contains(QStringLiteral("job-3")); }));
    }

    void processesAreListed()
    {
        const auto processes = QCoro::waitFor(m_agent->processes(Context(), 10));
        QVERIFY(processes);
        QVERIFY(!processes->isEmpty());
        QVERIFY(processes->at(0).pid > 0);
    }
};

QTEST_GUILESS_MAIN(TestAgentClient)
#include "test_agentclient.moc"
