// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/agents/agent/agenthost.h"

#include <QFile>
#include <QTest>

#include <csignal>

using namespace pilothouse::test;

class TestAgentExec : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<AgentHost> m_host;
    std::unique_ptr<AgentConnection> m_agent;

    struct Outcome {
        std::string out, err;
        bool ended = false;
        int exitCode = 0, signal = 0;
        grpc::Status status;
    };
    static v1::ExecRequest start(const std::vector<std::string> &argv)
    {
        v1::ExecRequest request;
        for (const auto &argument : argv)
            request.mutable_start()->add_argv(argument);
        return request;
    }
    /// Runs to the end without half-closing: the agent must end the stream by itself.
    Outcome run(const v1::ExecRequest &first, const std::vector<v1::ExecRequest> &more = {})
    {
        CallContext context;
        const auto stream = (*m_agent)->Exec(&context);
        stream->Write(first);
        for (const auto &request : more)
            stream->Write(request);
        Outcome outcome;
        v1::ExecEvent event;
        while (stream->Read(&event)) {
            outcome.out += event.out();
            outcome.err += event.err();
            if (event.ended()) {
                outcome.ended = true;
                outcome.exitCode = event.exit_code();
                outcome.signal = event.signal();
            }
        }
        outcome.status = stream->Finish();
        return outcome;
    }
    int pidIn(const QString &name) const
    {
        QFile file(m_host->home() + QLatin1Char('/') + name);
        return file.open(QFile::ReadOnly) ? file.readAll().trimmed().toInt() : 0;
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

    void keepsStreamsAndExitCodeApart()
    {
        const auto outcome = run(start({"sh", "-c", "echo to out; echo to err >&2; exit 3"}));
        QVERIFY(outcome.status.ok());
        QVERIFY(outcome.ended);
        QCOMPARE(outcome.out, std::string("to out\n"));
        QCOMPARE(outcome.err, std::string("to err\n"));
        QCOMPARE(outcome.exitCode, 3);
    }

    void feedsInput()
    {
        auto first = start({"cat"});
        first.set_input("one ");
        v1::ExecRequest second;
        second.set_input(std::string(3'000'000, 'x'));
        v1::ExecRequest last;
        last.set_input("end");
        last.set_input_end(true);
        const auto outcome = run(first, {second, last});
        QCOMPARE(outcome.out, "one " + std::string(3'000'000, 'x') + "end");
        QCOMPARE(outcome.exitCode, 0);
    }

    void signalReachesTheGroup()
    {
        v1::ExecRequest signal;
        signal.set_signal(SIGTERM);
        const auto outcome = run(start({"sleep", "60"}), {signal});
        QCOMPARE(outcome.signal, SIGTERM);
        QCOMPARE(outcome.exitCode, 143);
    }

    void cancelKillsTheGroup()
    {
        {
            CallContext context;
            const auto stream = (*m_agent)->Exec(&context);
            stream->Write(start(
                {"sh", "-c", "sleep 60 & echo $! > $HOME/child; echo $$ > $HOME/main; wait"}));
            QVERIFY(eventually([&] { return pidIn(QStringLiteral("main")) > 0; }));
            context.TryCancel();
            stream->Finish();
        }
        QVERIFY(eventually([&] {
            return !processExists(pidIn(QStringLiteral("main")))
                && !processExists(pidIn(QStringLiteral("child")));
        }));
    }

    void lostConnectionKillsTheGroup()
    {
        {
            CallContext context;
            const auto stream = (*m_agent)->Exec(&context);
            stream->Write(start({"sh", "-c", "echo $$ > $HOME/main; sleep 60"}));
            QVERIFY(eventually([&] { return pidIn(QStringLiteral("main")) > 0; }));
            m_agent->cut();
            v1::ExecEvent event;
            while (stream->Read(&event)) { }
            QCOMPARE(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
        }
        QVERIFY(eventually([&] { return !processExists(pidIn(QStringLiteral("main"))); }));
    }

    void saysWhatIsMissing()
    {
        const auto outcome = run(start({"no-such-program"}));
        QCOMPARE(outcome.status.error_code(), grpc::StatusCode::NOT_FOUND);
        QVERIFY(outcome.status.error_message().find("no-such-program") != std::string::npos);
        auto elsewhere = start({"true"});
        elsewhere.mutable_start()->set_folder("/no/such");
        QCOMPARE(run(elsewhere).status.error_code(), grpc::StatusCode::NOT_FOUND);
        QCOMPARE(run({}).status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    }

    void backgroundChildDoesNotHoldTheStream()
    {
        const auto outcome = run(start({"sh", "-c", "sleep 60 & echo $! > $HOME/child; exit 2"}));
        QCOMPARE(outcome.exitCode, 2);
        ::kill(pidIn(QStringLiteral("child")), SIGKILL);
    }
};

QTEST_GUILESS_MAIN(TestAgentExec)
#include "test_agent_exec.moc"
