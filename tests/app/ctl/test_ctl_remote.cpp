// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/ctl/ctlpeer.h"

#include <QDateTime>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QScopeGuard>
#include <QTcpServer>
#include <QTest>

#include <csignal>

using namespace pilothouse;

static QJsonArray arrayOf(const Ran &ran, const char *key)
{
    return ran.json().value(QLatin1String(key)).toArray();
}

static QString kindOf(const Ran &ran)
{
    return ran.error().value(QLatin1String("kind")).toString();
}

/// Every verb over SSH: the real program, a real sshd, the real agent deployed through it. The
/// slots run in this order; the key becomes known in the second.
class TestCtlRemote : public QObject {
    Q_OBJECT

    std::unique_ptr<CtlHost> m_host;
    std::unique_ptr<CtlPeer> m_peer;

    Ran run(const char *line) const { return m_host->run(words(line)); }

    QJsonObject jobNamed(const char *name) const
    {
        const auto jobs = arrayOf(run("jobs --json"), "jobs");
        for (const auto &job : jobs) {
            if (job[QLatin1String("name")] == QLatin1String(name))
                return job.toObject();
        }
        return {};
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (const QString why = Sshd::missing(); !why.isEmpty())
            QSKIP(qPrintable(why));
        m_host = std::make_unique<CtlHost>();
        m_peer = std::make_unique<CtlPeer>(*m_host);
        QVERIFY(m_peer->start());
    }
    void cleanupTestCase()
    {
        m_peer.reset();
        m_host.reset();
    }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void anUnknownKeyStopsEveryVerb_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("code");
        for (const char *line :
            {"test peer --json", "connect peer --json", "top peer --json", "metrics peer --json",
                "processes peer --json", "run peer --json -- true", "cp peer:x y --json",
                "agent deploy peer --json", "agent status peer --json", "agent remove peer --json",
                "connect peer --json --host-key "
                "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
            QTest::newRow(line) << words(line) << 4;
        for (const char *line : {"run peer --wait --json -- true", "exec peer --json -- true"})
            QTest::newRow(line) << words(line) << 255;
    }

    void anUnknownKeyStopsEveryVerb()
    {
        QFETCH(QStringList, arguments);
        const auto ran = m_host->run(arguments);
        QTEST(ran.code, "code");
        QCOMPARE(kindOf(ran), QStringLiteral("host_key"));
        QVERIFY(
            ran.error().value(QLatin1String("cause")).toString().contains(m_peer->fingerprint()));
        const QString verb = arguments.first(); // these tell how far they came
        QCOMPARE(
            ran.out.isEmpty(), verb != QLatin1String("test") && verb != QLatin1String("connect"));
        QVERIFY(!QFile::exists(m_peer->knownHosts()));
    }

    void connectWithANamedKeyDeploys()
    {
        const auto ran
            = m_host->run(words("connect peer --json --host-key") << m_peer->fingerprint());
        QVERIFY2(ran.code == 0, ran.err.constData());
        const auto object = ran.json();
        QCOMPARE(object.value(QLatin1String("schema")).toString(),
            QStringLiteral("pilothouse.connection"));
        QCOMPARE(object.value(QLatin1String("version")).toInt(), 1);
        QCOMPARE(object.value(QLatin1String("target")).toString(), QStringLiteral("peer"));
        QCOMPARE(object.value(QLatin1String("transport")).toString(), QStringLiteral("libssh"));
        QVERIFY(object.value(QLatin1String("without_agent")).isNull());
        QVERIFY(object.value(QLatin1String("agent_version")).isString());
        QStringList stages;
        const auto reports = arrayOf(ran, "stages");
        for (const auto &report : reports) {
            QCOMPARE(report[QLatin1String("state")].toString(), QStringLiteral("done"));
            QVERIFY(report[QLatin1String("milliseconds")].isDouble());
            stages << report[QLatin1String("stage")].toString();
        }
        for (const auto *stage :
            {"resolve", "tcp", "banner", "host_key", "authentication", "shell", "agent"})
            QVERIFY2(
                stages.contains(QLatin1String(stage)), qPrintable(stages.join(QLatin1Char(' '))));
        QVERIFY(QFile::exists(m_peer->home(QStringLiteral(".local/share/pilothouse/agent"))));
    }

    void testListsTheStages()
    {
        const auto ran = run("test peer --json");
        QCOMPARE(ran.code, 0);
        QCOMPARE(ran.json().value(QLatin1String("schema")).toString(),
            QStringLiteral("pilothouse.test"));
        QVERIFY(arrayOf(ran, "stages").size() >= 8);
        QVERIFY(run("test peer").out.contains("ms"));
    }

    void topAndMetricsStreamObjects()
    {
        for (const char *line :
            {"top peer --samples 2 --json", "metrics peer --metric load1 --samples 2 --json"}) {
            const auto ran = run(line);
            QVERIFY2(ran.code == 0, ran.err.constData());
            const auto lines = ran.out.trimmed().split('\n');
            QCOMPARE(lines.size(), 2);
            for (const auto &one : lines) {
                const auto object = QJsonDocument::fromJson(one).object();
                QCOMPARE(object.value(QLatin1String("target")).toString(), QStringLiteral("peer"));
                QVERIFY(QDateTime::fromString(
                    object.value(QLatin1String("time")).toString(), Qt::ISODateWithMs)
                            .isValid());
            }
        }
        const auto top = run("top peer --json").json();
        QVERIFY(top.value(QLatin1String("memory_total_bytes")).toDouble() > 0);
        QVERIFY(top.value(QLatin1String("gpus")).isArray());
        QVERIFY(!arrayOf(run("processes peer --json"), "processes").isEmpty());
    }

    void runWaitGivesTheCommandsCode()
    {
        const auto ran = m_host->run(
            shell("run peer --wait --name seven --", QStringLiteral("echo in $HOME; exit 7")));
        QCOMPARE(ran.code, 7);
        QCOMPARE(ran.out, "in " + m_peer->home(QString()).toUtf8() + '\n');
        QCOMPARE(m_host->run(shell("run peer --wait --", QStringLiteral("kill -15 $$"))).code, 143);
        const auto json = m_host->run(shell("run peer --wait --json --", QStringLiteral("exit 3")));
        QCOMPARE(json.code, 3);
        QCOMPARE(json.json().value(QLatin1String("state")).toString(), QStringLiteral("failed"));
        QCOMPARE(json.json().value(QLatin1String("exit_code")).toInt(), 3);
    }

    void jobsTellOfAllTargets()
    {
        const auto job = jobNamed("seven");
        QCOMPARE(job.value(QLatin1String("target")).toString(), QStringLiteral("peer"));
        QCOMPARE(job.value(QLatin1String("exit_code")).toInt(), 7);
        QVERIFY(job.value(QLatin1String("signal")).isNull());
        const auto logs = run("logs seven");
        QCOMPARE(logs.code, 0);
        QVERIFY(logs.out.startsWith("in "));
    }

    /// The sessions die while the log is followed: the job goes on, no byte is lost or doubled.
    void logsFollowOverALostConnection()
    {
        const QString gate = m_peer->home(QStringLiteral("gate"));
        QCOMPARE(
            m_host
                ->run(shell("run peer --name gated --",
                    QStringLiteral("echo one; while [ ! -e %1 ]; do sleep 0.05; done; echo two")
                        .arg(gate)))
                .code,
            0);
        const auto logs = m_host->start(words("logs -f gated"));
        QByteArray out;
        QTRY_VERIFY_WITH_TIMEOUT(
            (logs->waitForReadyRead(100), out += logs->readAllStandardOutput(), out == "one\n"),
            30'000);
        m_peer->sshd().killSessions();
        QFile file(gate);
        QVERIFY(file.open(QFile::WriteOnly));
        QVERIFY(logs->waitForFinished(60'000));
        out += logs->readAllStandardOutput();
        QCOMPARE(out, QByteArray("one\ntwo\n"));
        QCOMPARE(logs->exitCode(), 0);
        QCOMPARE(jobNamed("gated").value(QLatin1String("state")).toString(),
            QStringLiteral("succeeded"));
    }

    void cancelEndsIt()
    {
        QCOMPARE(run("run peer --name endless -- sleep 600").code, 0);
        const auto ran = run("cancel endless --json");
        QCOMPARE(ran.code, 0);
        QCOMPARE(ran.json().value(QLatin1String("state")).toString(), QStringLiteral("cancelled"));
        QCOMPARE(ran.json().value(QLatin1String("target")).toString(), QStringLiteral("peer"));
    }

    void execIsByteExact()
    {
        QByteArray input;
        for (int i = 0; i < 3'000'000; ++i)
            input += char(i * 7 + i / 256);
        const auto ran = m_host->run(words("exec peer -- cat"), input);
        QCOMPARE(ran.code, 0);
        QVERIFY(ran.out == input);
        const auto both
            = m_host->run(shell("exec peer --", QStringLiteral("echo out; echo err >&2; exit 9")));
        QCOMPARE(both.out, QByteArray("out\n"));
        QCOMPARE(both.err, QByteArray("err\n"));
        QCOMPARE(both.code, 9);
        QCOMPARE(m_host->run(shell("exec peer --", QStringLiteral("kill -9 $$"))).code, 137);
        const auto none = run("exec peer --json -- no-such-program-here");
        QCOMPARE(none.code, 255);
        QCOMPARE(kindOf(none), QStringLiteral("not_found"));
        const auto json
            = m_host->run(shell("exec peer --json --", QStringLiteral("echo x; exit 1")));
        QCOMPARE(json.code, 1);
        QCOMPARE(json.json().value(QLatin1String("out")).toString(), QStringLiteral("x\n"));
    }

    void cpBothWays()
    {
        QByteArray bytes;
        for (int i = 0; i < 2'000'000; ++i)
            bytes += char(i * 13 + i / 999);
        QFile source(m_host->file(QStringLiteral("source")));
        QVERIFY(source.open(QFile::WriteOnly));
        source.write(bytes);
        source.close();
        const auto up = m_host->run(words("cp source peer:data --json")); // below the home there
        QCOMPARE(up.code, 0);
        QCOMPARE(up.json().value(QLatin1String("bytes")).toInt(), 2'000'000);
        QFile there(m_peer->home(QStringLiteral("data")));
        QVERIFY(there.open(QFile::ReadOnly) && there.readAll() == bytes);
        QCOMPARE(run("cp peer:data back").code, 0);
        QFile back(m_host->file(QStringLiteral("back")));
        QVERIFY(back.open(QFile::ReadOnly) && back.readAll() == bytes);
        const auto none = run("cp peer:no/such/file x --json");
        QCOMPARE(none.code, 5);
        QCOMPARE(kindOf(none), QStringLiteral("not_found"));
    }

    void agentIsTakenAwayAndPutBack()
    {
        const auto before = run("agent status peer --json");
        QCOMPARE(before.code, 0);
        QCOMPARE(before.json().value(QLatin1String("current")).toBool(), true);
        QVERIFY(before.json().value(QLatin1String("status")).isObject());
        const auto removed = run("agent remove peer --json");
        QVERIFY2(removed.code == 0, removed.err.constData());
        QVERIFY(!QFile::exists(m_peer->home(QStringLiteral(".local/share/pilothouse"))));
        QVERIFY(!QFile::exists(m_peer->home(QStringLiteral("agent-run"))));
        QVERIFY(arrayOf(run("agent status peer --json"), "installed_versions").isEmpty());
        const auto put = run("agent deploy peer --json");
        QCOMPARE(put.code, 0);
        QCOMPARE(put.json().value(QLatin1String("deployed")).toBool(), true);
        QVERIFY(QFile::exists(put.json().value(QLatin1String("path")).toString()));
        QCOMPARE(run("agent deploy peer --json").json().value(QLatin1String("deployed")),
            QJsonValue(false));
    }

    void aSilentPortTimesOutOrIsGivenUp()
    {
        QTcpServer silent; // the kernel takes connections for it; nothing is ever said
        int dialled = 0;
        connect(&silent, &QTcpServer::newConnection, this, [&dialled] { ++dialled; });
        QVERIFY(silent.listen(QHostAddress::LocalHost));
        QFile config(m_host->sshConfig());
        QVERIFY(config.open(QFile::Append));
        config.write("Host silent\n HostName 127.0.0.1\n Port "
            + QByteArray::number(silent.serverPort())
            + "\nHost closed\n HostName 127.0.0.1\n Port 1\n");
        config.close();
        const auto late = run("connect silent --timeout 1 --json");
        QCOMPARE(late.code, 6);
        QCOMPARE(kindOf(late), QStringLiteral("timeout"));
        const auto process = m_host->start(words("connect silent --json"));
        QTRY_COMPARE_WITH_TIMEOUT(dialled, 2, 20'000); // this one and the one before
        ::kill(pid_t(process->processId()), SIGINT);
        QVERIFY(process->waitForFinished(20'000));
        QCOMPARE(process->exitCode(), 8);
        QVERIFY(process->readAllStandardError().contains("\"cancelled\""));
        const auto closed = run("connect closed --json");
        QCOMPARE(closed.code, 3);
        QCOMPARE(kindOf(closed), QStringLiteral("unreachable"));
        QCOMPARE(run("exec closed -- true").code, 255);
    }

    /// Last: nothing gets through any more, whatever is named.
    void aChangedKeyStops()
    {
        const QString other = m_host->file(QStringLiteral("other_key"));
        QVERIFY(Sshd::makeKey(other, QStringLiteral("ed25519")));
        QFile half(other + QStringLiteral(".pub"));
        QVERIFY(half.open(QFile::ReadOnly));
        QFile known(m_peer->knownHosts());
        QVERIFY(known.open(QFile::ReadOnly));
        const QByteArray before = known.readAll();
        known.close();
        const auto restore = qScopeGuard([&] { // the agent is still to be taken away
            known.close();
            if (known.open(QFile::WriteOnly | QFile::Truncate))
                known.write(before);
        });
        QVERIFY(known.open(QFile::WriteOnly | QFile::Truncate));
        known.write(
            "[127.0.0.1]:" + QByteArray::number(m_peer->sshd().port()) + ' ' + half.readAll());
        known.close();
        for (const auto &arguments : {words("connect peer --json"),
                 words("connect peer --json --host-key") << m_peer->fingerprint(),
                 words("test peer --json"), words("jobs --json")}) {
            const auto ran = m_host->run(arguments);
            if (arguments.first() == QLatin1String("jobs")) { // all have ended: nobody is asked
                QCOMPARE(ran.code, 0);
                continue;
            }
            QCOMPARE(ran.code, 4);
            QCOMPARE(kindOf(ran), QStringLiteral("host_key"));
            QVERIFY(ran.err.contains(m_peer->fingerprint().toUtf8()));
        }
        QCOMPARE(run("exec peer -- true").code, 255);
    }
};

QTEST_GUILESS_MAIN(TestCtlRemote)
#include "test_ctl_remote.moc"
