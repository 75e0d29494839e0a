// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/agents/agent/agenthost.h"

#include <QTest>

#include <csignal>
#include <latch>
#include <thread>

using namespace pilothouse::test;

/// Submitting, listing, watching, logs and ends of jobs through a real daemon.
class TestAgentJobs : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<AgentHost> m_host;
    std::unique_ptr<AgentConnection> m_agent;

    v1::SubmitJobReply submit(const v1::SubmitJobRequest &request)
    {
        CallContext context;
        v1::SubmitJobReply reply;
        const auto status = (*m_agent)->SubmitJob(&context, request, &reply);
        if (!status.ok())
            qWarning("submit: %s", status.error_message().c_str());
        return reply;
    }
    grpc::Status refusalOf(const v1::SubmitJobRequest &request)
    {
        CallContext context;
        v1::SubmitJobReply reply;
        return (*m_agent)->SubmitJob(&context, request, &reply);
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_host = std::make_unique<AgentHost>();
        m_agent = m_host->connect();
        QVERIFY2(m_agent->isOpen(), m_agent->trouble().constData());
    }
    void cleanup()
    {
        m_agent.reset();
        m_host.reset();
    }

    void saysWhoItIs()
    {
        CallContext context;
        v1::HelloReply reply;
        QVERIFY((*m_agent)->Hello(&context, {}, &reply).ok());
        QCOMPARE(reply.protocol(), 1U);
        QCOMPARE(QByteArray::fromStdString(reply.agent_version()),
            m_host->run({QStringLiteral("version")}).out.trimmed());
        QCOMPARE(reply.uid(), ::getuid());
        QVERIFY(!reply.boot_id().empty());
        QVERIFY(reply.cpu_count() > 0);
        QVERIFY(reply.memory_bytes() > 0);
        QCOMPARE(QString::fromStdString(reply.home()), m_host->home());
        QVERIFY(reply.boottime_ns() > 0);
    }

    void runsACommand()
    {
        const auto reply = submit(command("hello-1", {"echo", "two  words", "$HOME"}));
        QVERIFY(!reply.existed());
        const auto job = waitForEnd(*m_agent, "hello-1");
        QCOMPARE(job.state(), v1::SUCCEEDED);
        QVERIFY(job.has_exit());
        QCOMPARE(job.exit_code(), 0);
        QVERIFY(job.started_ns() >= job.submitted_ns());
        QVERIFY(job.ended_ns() >= job.started_ns());
        QVERIFY(job.peak_memory_bytes() > 0);
        QCOMPARE(logOf(*m_agent, "hello-1"), std::string("two  words $HOME\n"));
    }

    void keepsExitCodeAndSignal_data()
    {
        QTest::addColumn<QByteArray>("script");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<int>("signal");
        QTest::newRow("exit 3") << QByteArray("exit 3") << 3 << 0;
        QTest::newRow("exit 255") << QByteArray("exit 255") << 255 << 0;
        QTest::newRow("TERM") << QByteArray("kill -TERM $$") << 143 << 15;
        QTest::newRow("KILL") << QByteArray("kill -KILL $$") << 137 << 9;
    }
    void keepsExitCodeAndSignal()
    {
        QFETCH(QByteArray, script);
        submit(shell("ends", script.toStdString()));
        const auto job = waitForEnd(*m_agent, "ends");
        QCOMPARE(job.state(), v1::FAILED);
        QTEST(job.exit_code(), "exitCode");
        QTEST(job.signal(), "signal");
    }

    void oneIdStartsOneJob()
    {
        const auto request = shell("once", "echo ran >> \"$HOME/count\"; sleep 60");
        QVERIFY(!submit(request).existed());
        const auto again = submit(request);
        QVERIFY(again.existed());
        QCOMPARE(again.job().state(), v1::RUNNING);
        m_agent.reset();
        m_host->killDaemon();
        m_agent = m_host->connect();
        const auto after = submit(request);
        QVERIFY(after.existed());
        QCOMPARE(after.job().pid(), again.job().pid());
        QFile count(m_host->home() + QStringLiteral("/count"));
        QVERIFY(eventually([&] { return count.exists(); }));
        QVERIFY(count.open(QFile::ReadOnly));
        QCOMPARE(count.readAll(), QByteArray("ran\n"));
    }

    void eightAtOnceStartOneJob()
    {
        const auto request = shell("crowd", "echo ran >> \"$HOME/count\"");
        std::latch start(8);
        std::atomic<int> accepted = 0, fresh = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&] {
                start.arrive_and_wait();
                CallContext context;
                v1::SubmitJobReply reply;
                accepted += (*m_agent)->SubmitJob(&context, request, &reply).ok();
                fresh += !reply.existed();
            });
        }
        for (auto &thread : threads)
            thread.join();
        QCOMPARE(accepted.load(), 8);
        QCOMPARE(fresh.load(), 1);
        waitForEnd(*m_agent, "crowd");
        QFile count(m_host->home() + QStringLiteral("/count"));
        QVERIFY(count.open(QFile::ReadOnly));
        QCOMPARE(count.readAll(), QByteArray("ran\n"));
    }

    void refusesWithASentence_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("part");
        const int invalid = grpc::StatusCode::INVALID_ARGUMENT;
        QTest::newRow("NUL in script")
            << QStringLiteral("nul") << invalid << QStringLiteral("NUL byte (at offset 5)");
        QTest::newRow("nothing to run")
            << QStringLiteral("nothing") << invalid << QStringLiteral("command or a script");
        QTest::newRow("both") << QStringLiteral("both") << invalid
                              << QStringLiteral("command or a script");
        QTest::newRow("id with a slash")
            << QStringLiteral("slash") << invalid << QStringLiteral("id must be");
        QTest::newRow("environment name")
            << QStringLiteral("name") << invalid << QStringLiteral("A=B");
        QTest::newRow("more GPUs than there are")
            << QStringLiteral("gpus") << int(grpc::StatusCode::FAILED_PRECONDITION)
            << QStringLiteral("4096 GPUs asked for");
        QTest::newRow("unknown GPU")
            << QStringLiteral("uuid") << int(grpc::StatusCode::FAILED_PRECONDITION)
            << QStringLiteral("GPU-none");
    }
    void refusesWithASentence()
    {
        QFETCH(QString, what);
        auto request = command("bad", {"true"});
        auto &spec = *request.mutable_spec();
        if (what == QLatin1String("nul")) {
            spec.clear_argv();
            spec.set_script(std::string("echo \0 x", 8));
        } else if (what == QLatin1String("nothing")) {
            spec.clear_argv();
        } else if (what == QLatin1String("both")) {
            spec.set_script("true");
        } else if (what == QLatin1String("slash")) {
            spec.set_client_id("../bad");
        } else if (what == QLatin1String("name")) {
            (*spec.mutable_environment())["A=B"] = "x";
        } else if (what == QLatin1String("gpus")) {
            spec.set_gpus(4096);
        } else {
            spec.add_gpu_uuids("GPU-none");
        }
        const auto refusal = refusalOf(request);
        QTEST(int(refusal.error_code()), "code");
        QFETCH(QString, part);
        const auto sentence = QString::fromStdString(refusal.error_message());
        QVERIFY2(sentence.contains(part), qPrintable(sentence));
        QVERIFY(!job(*m_agent, "bad"));
    }

    void saysWhyAJobDidNotStart_data()
    {
        QTest::addColumn<QByteArray>("script");
        QTest::addColumn<QString>("part");
        QTest::addColumn<int>("exitCode");
        QTest::newRow("no program") << QByteArray() << QStringLiteral("no-such-program") << 127;
        QTest::newRow("no interpreter")
            << QByteArray("#!/no/such/shell\n") << QStringLiteral("interpreter") << 127;
        QTest::newRow("Windows line ending")
            << QByteArray("#!/bin/sh\r\ntrue\r\n") << QStringLiteral("carriage return") << 127;
    }
    void saysWhyAJobDidNotStart()
    {
        QFETCH(QByteArray, script);
        submit(script.isEmpty() ? command("cannot", {"no-such-program"})
                                : shell("cannot", script.toStdString()));
        const auto job = waitForEnd(*m_agent, "cannot");
        QCOMPARE(job.state(), v1::FAILED);
        QTEST(job.exit_code(), "exitCode");
        QFETCH(QString, part);
        QVERIFY2(QString::fromStdString(job.reason()).contains(part), job.reason().c_str());
        QCOMPARE(logOf(*m_agent, "cannot"), std::string());
    }

    void entersItsFolder()
    {
        auto request = command("where", {"pwd"});
        request.mutable_spec()->set_folder("/no/such/folder");
        submit(request);
        QVERIFY(
            waitForEnd(*m_agent, "where").reason().find("/no/such/folder") != std::string::npos);
        auto home = command("home", {"pwd"});
        submit(home);
        waitForEnd(*m_agent, "home");
        QCOMPARE(QString::fromStdString(logOf(*m_agent, "home")).trimmed(), m_host->home());
    }

    void environmentIsLikeALogin()
    {
        auto request = shell("environment", "#!/bin/sh\nenv");
        (*request.mutable_spec()->mutable_environment())["COLOUR"] = "deep blue";
        (*request.mutable_spec()->mutable_environment())["PILOTHOUSE_JOB_ID"] = "forged";
        submit(request);
        waitForEnd(*m_agent, "environment");
        const auto lines
            = QString::fromStdString(logOf(*m_agent, "environment")).split(QLatin1Char('\n'));
        QVERIFY(lines.contains(QStringLiteral("HOME=") + m_host->home()));
        QVERIFY(lines.contains(QStringLiteral("PATH=") + qEnvironmentVariable("PATH")));
        QVERIFY(lines.contains(QStringLiteral("COLOUR=deep blue")));
        QVERIFY(lines.contains(QStringLiteral("PILOTHOUSE_JOB_ID=environment")));
        QVERIFY(lines.contains(QStringLiteral("PILOTHOUSE_JOB_NAME=environment")));
        QVERIFY(lines.indexOf(QRegularExpression(QStringLiteral("^USER=.+"))) >= 0);
        QCOMPARE(lines.indexOf(QRegularExpression(QStringLiteral(
                     "^(SSH_CONNECTION|CUDA_VISIBLE_DEVICES|PILOTHOUSE_AGENT_RUN)="))),
            -1);
    }

    void usesTheScriptsInterpreter()
    {
        auto request = shell("python", "import sys\nprint(sys.version_info[0])\n");
        request.mutable_spec()->set_interpreter("python3 -u");
        submit(request);
        waitForEnd(*m_agent, "python");
        QCOMPARE(logOf(*m_agent, "python"), std::string("3\n"));
    }

    void aTenMegabyteLineArrivesWhole()
    {
        submit(command(
            "long", {"sh", "-c", "head -c 7500000 /dev/urandom | base64 -w0; echo; echo next"}));
        waitForEnd(*m_agent, "long");
        QFile file(m_host->jobFolder(QStringLiteral("long")) + QStringLiteral("/log"));
        QVERIFY(file.open(QFile::ReadOnly));
        const QByteArray written = file.readAll();
        QCOMPARE(written.size(), 10'000'006);
        const auto log = logOf(*m_agent, "long");
        QVERIFY(written == QByteArray::fromStdString(log));
        QCOMPARE(job(*m_agent, "long")->log_bytes(), uint64_t(written.size()));
    }

    void logGoesOnFromAnOffsetAndFollows()
    {
        submit(shell("lines", "for i in 1 2 3 4 5; do echo line $i; sleep 0.1; done"));
        CallContext context;
        v1::ReadLogRequest request;
        request.set_id("lines");
        request.set_offset(7);
        request.set_follow(true);
        const auto stream = (*m_agent)->ReadLog(&context, request);
        v1::LogChunk chunk;
        std::string rest;
        bool end = false;
        while (stream->Read(&chunk)) {
            rest += chunk.data();
            end = chunk.end();
        }
        QVERIFY(stream->Finish().ok());
        QCOMPARE(rest, std::string("line 2\nline 3\nline 4\nline 5\n"));
        QVERIFY(end);
        CallContext again;
        request.set_limit(3);
        const auto part = (*m_agent)->ReadLog(&again, request);
        rest.clear();
        while (part->Read(&chunk))
            rest += chunk.data();
        QCOMPARE(rest, std::string("lin"));
    }

    void watchersSeeListingChangesAndForgetting()
    {
        submit(command("old", {"true"}));
        waitForEnd(*m_agent, "old");
        CallContext context;
        const auto stream = (*m_agent)->WatchJobs(&context, {});
        v1::JobEvent event;
        QVERIFY(stream->Read(&event));
        QCOMPARE(event.job().id(), std::string("old"));
        QVERIFY(stream->Read(&event));
        QVERIFY(event.listed());
        submit(command("new", {"true"}));
        std::vector<v1::JobState> states;
        while (stream->Read(&event)) {
            QCOMPARE(event.job().id(), std::string("new"));
            states.push_back(event.job().state());
            if (states.back() != v1::QUEUED && states.back() != v1::RUNNING)
                break;
        }
        QCOMPARE(states.back(), v1::SUCCEEDED);
        QVERIFY(std::is_sorted(states.begin(), states.end()));
        CallContext forget;
        v1::ForgetJobRequest request;
        request.set_id("old");
        v1::ForgetJobReply reply;
        QVERIFY((*m_agent)->ForgetJob(&forget, request, &reply).ok());
        QVERIFY(stream->Read(&event));
        QVERIFY(event.forgotten());
        QCOMPARE(event.job().id(), std::string("old"));
        QVERIFY(!QFile::exists(m_host->jobFolder(QStringLiteral("old"))));
        context.TryCancel();
        stream->Finish();
    }

    void forgetsOnlyWhatHasEnded()
    {
        submit(command("busy", {"sleep", "60"}));
        CallContext context;
        v1::ForgetJobRequest request;
        request.set_id("busy");
        v1::ForgetJobReply reply;
        QCOMPARE((*m_agent)->ForgetJob(&context, request, &reply).error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
        CallContext other;
        request.set_id("unknown");
        QCOMPARE((*m_agent)->ForgetJob(&other, request, &reply).error_code(),
            grpc::StatusCode::NOT_FOUND);
    }

    void signalReachesTheJob()
    {
        submit(shell(
            "trap", "trap 'echo got it; exit 7' USR1; echo ready; while :; do sleep 0.05; done"));
        QVERIFY(eventually([&] { return job(*m_agent, "trap")->log_bytes() > 0; }));
        CallContext context;
        v1::SignalJobRequest request;
        request.set_id("trap");
        request.set_signal(SIGUSR1);
        v1::SignalJobReply reply;
        QVERIFY((*m_agent)->SignalJob(&context, request, &reply).ok());
        QCOMPARE(waitForEnd(*m_agent, "trap").exit_code(), 7);
        CallContext late;
        QCOMPARE((*m_agent)->SignalJob(&late, request, &reply).error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
        CallContext wrong;
        request.set_signal(4000);
        QCOMPARE((*m_agent)->SignalJob(&wrong, request, &reply).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
    }

    void selfTestRunsAsAJob()
    {
        submit(command("selftest", {"pilothouse-agent", "selftest", "--seconds", "0.6"}));
        QCOMPARE(waitForEnd(*m_agent, "selftest").state(), v1::SUCCEEDED);
        const auto log = QString::fromStdString(logOf(*m_agent, "selftest"));
        const QRegularExpression last(
            QStringLiteral("\nselftest: [0-9.]+ GFLOP/s, [0-9.]+ GB/s, 0 errors\n$"));
        QVERIFY2(last.match(log).hasMatch(), qPrintable(log));
    }
};

QTEST_GUILESS_MAIN(TestAgentJobs)
#include "test_agent_jobs.moc"
