// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/agents/agent/agenthost.h"

#include "agents/agent/folders.h"
#include "agents/agent/gpuchoice.h"
#include "agents/agent/hostfacts.h"
#include "agents/agent/processes.h"
#include "agents/agent/program.h"
#include "agents/agent/unixsocket.h"
#include "agents/agent/version.h"
#include "agents/wire/jobstate.h"
#include "agents/wire/magic.h"
#include "agents/wire/tickcodec.h"

#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>
#include <QTest>

#include <latch>
#include <thread>

#include <sys/stat.h>

using namespace pilothouse;
using namespace pilothouse::test;

/// The daemon as a program: starting, telemetry, installing, removing, who may talk to it.
class TestAgentDaemon : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<AgentHost> m_host;

    QJsonObject status() const
    {
        return QJsonDocument::fromJson(m_host->run({QStringLiteral("status")}).out).object();
    }
    static grpc::Status submit(AgentConnection &agent, const v1::SubmitJobRequest &request)
    {
        CallContext context;
        v1::SubmitJobReply reply;
        return agent->SubmitJob(&context, request, &reply);
    }
    static QStringList everythingBelow(const QString &folder)
    {
        QStringList found;
        for (const auto &entry : QDir(folder).entryInfoList(
                 QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot)) {
            found << entry.filePath();
            if (entry.isDir())
                found << everythingBelow(entry.filePath());
        }
        return found;
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_host = std::make_unique<AgentHost>();
    }
    void cleanup() { m_host.reset(); }

    void magicIsAllThatConnectPrints()
    {
        // Standard input ends at once, so the bridge ends too: nothing but the magic was printed.
        const auto ran = m_host->run({QStringLiteral("connect")}, {});
        QCOMPARE(ran.err, QByteArray());
        QVERIFY(ran.out.startsWith(QByteArray(wire::magic.data(), int(wire::magic.size()))));
        QCOMPARE(wire::magic, std::string_view("PILOTHOUSE-AGENT 1\n"));
    }

    void manyAtOnceStartOneDaemon()
    {
        std::latch start(6);
        std::vector<std::unique_ptr<AgentConnection>> connections(6);
        std::vector<std::thread> threads;
        for (auto &connection : connections) {
            threads.emplace_back([&] {
                start.arrive_and_wait();
                connection = m_host->connect();
            });
        }
        for (auto &thread : threads)
            thread.join();
        for (const auto &connection : connections) {
            CallContext context;
            v1::HelloReply reply;
            QVERIFY(connection->isOpen());
            QVERIFY((*connection)->Hello(&context, {}, &reply).ok());
        }
        int daemons = 0;
        for (const auto &process : agent::allProcesses()) {
            QFile arguments(QStringLiteral("/proc/%1/environ").arg(process.pid));
            QFile command(QStringLiteral("/proc/%1/cmdline").arg(process.pid));
            if (arguments.open(QFile::ReadOnly) && command.open(QFile::ReadOnly)
                && command.readAll().contains("serve"))
                daemons += arguments.readAll().contains(m_host->runFolder().toLocal8Bit());
        }
        QCOMPARE(daemons, 1);
    }

    void telemetryComesInOrderAndFromACursor()
    {
        const auto connection = m_host->connect();
        wire::TickDecoder decoder;
        CallContext context;
        v1::SubscribeRequest request;
        const auto stream = (*connection)->Subscribe(&context, request);
        v1::Batch batch;
        std::string ring;
        uint64_t last = 0;
        int ticks = 0;
        while (ticks < 2 && stream->Read(&batch)) {
            if (ring.empty()) {
                ring = batch.ring_id();
                QVERIFY(!ring.empty());
                QVERIFY(batch.catalogue().series_size() > 0);
                QVERIFY(!batch.boot_id().empty());
            }
            std::string_view bytes = batch.ticks();
            for (uint32_t i = 0; i < batch.count(); ++i) {
                const auto tick = decoder.decode(bytes);
                QVERIFY(tick);
                QVERIFY(tick->number > last);
                last = tick->number;
                ++ticks;
            }
            QVERIFY(bytes.empty());
        }
        context.TryCancel();
        stream->Finish();
        QVERIFY(ticks >= 2);

        CallContext next;
        request.set_ring_id(ring);
        request.set_after(last);
        const auto rest = (*connection)->Subscribe(&next, request);
        while (rest->Read(&batch) && batch.count() == 0) { }
        QCOMPARE(batch.first_number(), last + 1);
        next.TryCancel();
        rest->Finish();

        CallContext foreign;
        request.set_ring_id("another ring");
        request.set_after(1'000'000);
        const auto anew = (*connection)->Subscribe(&foreign, request);
        QVERIFY(anew->Read(&batch));
        QCOMPARE(batch.ring_id(), ring);
        QVERIFY(batch.first_number() <= last);
        QVERIFY(batch.has_catalogue());
        foreign.TryCancel();
        anew->Finish();
    }

    void processesKnowTheirJob()
    {
        const auto connection = m_host->connect();
        QVERIFY(submit(*connection, shell("spinner", "while :; do :; done")).ok());
        QVERIFY(eventually([&] {
            CallContext context;
            v1::ProcessesReply reply;
            v1::ProcessesRequest request;
            request.set_limit(500);
            (*connection)->Processes(&context, request, &reply);
            for (const auto &process : reply.processes()) {
                if (process.job() == "spinner")
                    return true;
            }
            return false;
        }));
    }

    void twoHostsShareOneHome()
    {
        const AgentHost other(QStringLiteral("ffffffffffffffffffffffffffffffff"), m_host.get());
        const auto here = m_host->connect();
        const auto there = other.connect();
        QVERIFY(here->isOpen() && there->isOpen());
        QVERIFY(m_host->daemonPid() != other.daemonPid());
        QVERIFY(submit(*here, shell("job", "echo here; sleep 60")).ok());
        QVERIFY(submit(*there, shell("job", "echo there; exit 3")).ok()); // the very same id
        QCOMPARE(waitForEnd(*there, "job").exit_code(), 3);
        QCOMPARE(job(*here, "job")->state(), v1::RUNNING);
        QCOMPARE(logOf(*there, "job"), std::string("there\n"));
        const auto removed = other.run({QStringLiteral("remove")});
        QCOMPARE(removed.exitCode, 0);
        QCOMPARE(job(*here, "job")->state(), v1::RUNNING);
    }

    void foreignUserIsRefused()
    {
        if (::getuid() != 0)
            QSKIP("becoming another user needs root");
        const auto connection = m_host->connect();
        // Opens every door on the way: only the check of the peer is left.
        const QByteArray socket
            = (m_host->runFolder() + QStringLiteral("/agent.sock")).toLocal8Bit();
        ::chmod(socket.constData(), 0666);
        for (QString folder = m_host->runFolder(); folder.size() > 5;
             folder = QFileInfo(folder).path())
            ::chmod(folder.toLocal8Bit().constData(), 0755);
        const auto ran
            = m_host->run({QStringLiteral("--reuid=65534"), QStringLiteral("--clear-groups"),
                              QStringLiteral("/usr/bin/python3"), QStringLiteral("-c"),
                              QStringLiteral("import socket, sys\ns = "
                                             "socket.socket(socket.AF_UNIX)\ns.connect(sys.argv[1])"
                                             "\ns.settimeout(20)\nprint(len(s.recv(100)))"),
                              QString::fromLocal8Bit(socket)},
                QStandardPaths::findExecutable(QStringLiteral("setpriv")));
        QCOMPARE(ran.err, QByteArray());
        QCOMPARE(ran.out, QByteArray("0\n")); // hung up on, without a greeting
        QFile log(m_host->runFolder() + QStringLiteral("/log"));
        QVERIFY(log.open(QFile::ReadOnly));
        QVERIFY(log.readAll().contains("refused a connection of user 65534"));
    }

    void runFolderOfOthersIsRefused()
    {
        QVERIFY(QDir().mkpath(m_host->home() + QStringLiteral("/elsewhere")));
        QVERIFY(QFile::link(m_host->home() + QStringLiteral("/elsewhere"), m_host->runFolder()));
        const auto ran = m_host->run({QStringLiteral("connect")});
        QCOMPARE(ran.exitCode, 1);
        QCOMPARE(ran.out, QByteArray());
        QVERIFY2(ran.err.contains("not a folder but a link"), ran.err.constData());
        QVERIFY(QFile::remove(m_host->runFolder()));
    }

    void longRunFolderWorks()
    {
        const QString folder = QDir(m_host->home()).filePath(QString(150, QLatin1Char('x')));
        QVERIFY(QDir().mkpath(folder));
        const auto path = (folder + QStringLiteral("/agent.sock")).toStdString();
        const agent::Fd listening = agent::listenUnix(path);
        QVERIFY(bool(listening));
        QVERIFY(bool(agent::connectUnix(path)));
    }

    void installsItselfOnlyUnderItsName()
    {
        const QString copy = m_host->home() + QStringLiteral("/upload.tmp");
        QVERIFY(QFile::copy(m_host->program(), copy));
        const QString version
            = QString::fromLatin1(m_host->run({QStringLiteral("version")}).out.trimmed());
        const QString root = m_host->home() + QStringLiteral("/.local/share/pilothouse/agent/");
        const auto wrong
            = m_host->run({QStringLiteral("install"),
                              root + QStringLiteral("0.0.0+000000000000/pilothouse-agent")},
                copy);
        QCOMPARE(wrong.exitCode, 1);
        QVERIFY(QFile::exists(copy));
        const QString target = root + version + QStringLiteral("/pilothouse-agent");
        const auto right = m_host->run({QStringLiteral("install"), target}, copy);
        QCOMPARE(right.out, target.toLocal8Bit() + '\n');
        QVERIFY(!QFile::exists(copy));
        QCOMPARE(
            m_host->run({QStringLiteral("version")}, target).out.trimmed(), version.toLatin1());
        QCOMPARE(m_host->run({QStringLiteral("hash"), target}).out.left(12),
            version.right(12).toLatin1());
    }

    void removeLeavesNothing()
    {
        const QString copy = m_host->home() + QStringLiteral("/upload.tmp");
        QVERIFY(QFile::copy(m_host->program(), copy));
        const QString version
            = QString::fromLatin1(m_host->run({QStringLiteral("version")}).out.trimmed());
        const QString target = m_host->home() + QStringLiteral("/.local/share/pilothouse/agent/")
            + version + QStringLiteral("/pilothouse-agent");
        m_host->run({QStringLiteral("install"), target}, copy);
        {
            AgentConnection connection(target, m_host->environment());
            QVERIFY2(connection.isOpen(), connection.trouble().constData());
            QVERIFY(submit(connection, shell("busy", "sleep 60")).ok());
        }
        QVERIFY(status().value(QLatin1String("daemon")).toBool());
        QCOMPARE(status().value(QLatin1String("jobs_running")).toInt(), 1);
        const auto refused = m_host->run({QStringLiteral("remove")}, target);
        QCOMPARE(refused.exitCode, 1);
        QVERIFY2(refused.err.contains("1 job runs here"), refused.err.constData());
        const auto removed
            = m_host->run({QStringLiteral("remove"), QStringLiteral("--force")}, target);
        QCOMPARE(removed.exitCode, 0);
        QVERIFY(removed.out.contains("removed " + m_host->runFolder().toLocal8Bit()));
        QVERIFY(!QFile::exists(m_host->runFolder()));
        QCOMPARE(
            everythingBelow(m_host->home()).filter(QStringLiteral("pilothouse")), QStringList());
        QVERIFY(!status().value(QLatin1String("daemon")).toBool());
    }

    void idleDaemonEnds()
    {
        const auto ran = m_host->run(
            {QStringLiteral("serve"), QStringLiteral("--idle-exit"), QStringLiteral("1")});
        QCOMPARE(ran.exitCode, 0);
        QCOMPARE(
            m_host
                ->run({QStringLiteral("serve"), QStringLiteral("--idle-exit"), QStringLiteral("x")})
                .exitCode,
            2);
    }

    void logindThatKillsIsWarnedOf()
    {
        QTemporaryDir root;
        QVERIFY(agent::hostWarnings(root.path().toStdString()).empty());
        QVERIFY(QDir().mkpath(root.filePath(QStringLiteral("etc/systemd/logind.conf.d"))));
        QFile file(root.filePath(QStringLiteral("etc/systemd/logind.conf")));
        QVERIFY(file.open(QFile::WriteOnly));
        file.write(
            "[Login]\n#KillUserProcesses=no\nKillUserProcesses=yes\nKillExcludeUsers=somebody\n");
        file.close();
        const auto warnings = agent::hostWarnings(root.path().toStdString());
        QCOMPARE(warnings.size(), 1U);
        QVERIFY(warnings[0].find("KillUserProcesses=yes") != std::string::npos);
        QFile dropIn(root.filePath(QStringLiteral("etc/systemd/logind.conf.d/50-keep.conf")));
        QVERIFY(dropIn.open(QFile::WriteOnly));
        dropIn.write("[Login]\nKillUserProcesses=no\n");
        dropIn.close();
        QVERIFY(agent::hostWarnings(root.path().toStdString()).empty());
    }

    void gpusAreChosenByLoad()
    {
        const std::vector<std::string> byLoad{"c", "a", "b"};
        QCOMPARE(
            agent::chooseGpus(2, {}, byLoad, {"c"}).uuids, (std::vector<std::string>{"a", "b"}));
        QVERIFY(agent::chooseGpus(3, {}, byLoad, {"c"}).refusal.find("other jobs")
            != std::string::npos);
        QVERIFY(agent::chooseGpus(4, {}, byLoad, {}).refusal.find("this host has 3 GPUs")
            != std::string::npos);
        QVERIFY(agent::chooseGpus(1, {}, {}, {}).refusal.find("none that can be used")
            != std::string::npos);
        QCOMPARE(agent::chooseGpus(0, {"b"}, byLoad, {"b"}).uuids, (std::vector<std::string>{"b"}));
        QVERIFY(!agent::chooseGpus(0, {"x"}, byLoad, {}).refusal.empty());
    }

    void newerIsDecidedByNumbersThenByInstallation()
    {
        QVERIFY(agent::isNewer("0.10.0+a", 1, "0.9.9+b", 2));
        QVERIFY(!agent::isNewer("0.9.9+b", 2, "0.10.0+a", 1));
        QVERIFY(agent::isNewer("0.1.0+a", 2, "0.1.0+b", 1));
        QVERIFY(!agent::isNewer("0.1.0+a", 1, "0.1.0+b", 2));
        QVERIFY(!agent::isNewer("0.1.0+a", 2, "0.1.0+a", 1));
    }

    void jobStatusRoundTrip()
    {
        wire::JobStatus status;
        status.phase = wire::JobPhase::Cancelled;
        status.bootId = "boot";
        status.pid = 7;
        status.pidStart = 99;
        status.startedNs = 1;
        status.endedNs = 2;
        status.hasExit = true;
        status.exitCode = 143;
        status.signal = 15;
        status.peakMemoryBytes = 5;
        status.reason = "two\nlines and a \\ too";
        const auto text = wire::formatJobStatus(status);
        QCOMPARE(*wire::parseJobStatus(text), status);
        for (std::size_t cut = 0; cut < text.size(); ++cut)
            QVERIFY(!wire::parseJobStatus(text.substr(0, cut)));
        QVERIFY(wire::parseJobStatus(text + "\n\n\n")); // room set aside is padded
        QVERIFY(!wire::parseJobStatus("pilothouse-job 1\nphase=dancing\nend\n"));
        QVERIFY(!wire::parseJobStatus("pilothouse-job 2\nend\n"));
        QVERIFY(wire::parseJobStatus("pilothouse-job 1\nfuture=1\nend\n"));
    }

    void statSurvivesOddNames()
    {
        const auto stat = agent::parseProcessStat(
            "42 (a) b) (c) S 1 2 3 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 777 4096 10 0");
        QVERIFY(stat);
        QCOMPARE(stat->pid, 42);
        QCOMPARE(stat->state, 'S');
        QCOMPARE(stat->session, 3);
        QCOMPARE(stat->start, uint64_t(777));
        QVERIFY(!agent::parseProcessStat("42 (cut"));
        QVERIFY(!agent::parseProcessStat("42 (cut) S 1"));
    }
};

QTEST_GUILESS_MAIN(TestAgentDaemon)
#include "test_agent_daemon.moc"
