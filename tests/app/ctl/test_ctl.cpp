// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/jobid.h"
#include "core/jobs/ledger.h"
#include "tests/app/ctl/ctlhost.h"

#include <QDateTime>
#include <QFile>
#include <QJsonArray>
#include <QRegularExpression>
#include <QTest>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace pilothouse;

class TestCtl : public QObject {
    Q_OBJECT

    std::unique_ptr<CtlHost> m_host;

    QJsonObject jobNamed(const QString &name) const
    {
        const auto jobs
            = m_host->run(words("jobs --json")).json().value(QLatin1String("jobs")).toArray();
        for (const auto &job : jobs) {
            if (job[QLatin1String("name")] == name)
                return job.toObject();
        }
        return {};
    }

private Q_SLOTS:
    void initTestCase() { m_host = std::make_unique<CtlHost>(); }
    void cleanupTestCase() { m_host.reset(); }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void targetsListsThisMachineAndAliases()
    {
        const auto ran = m_host->run(words("targets --json"));
        QCOMPARE(ran.code, 0);
        QCOMPARE(ran.json().value(QLatin1String("schema")).toString(),
            QStringLiteral("pilothouse.targets"));
        QStringList names;
        const auto targets = ran.json().value(QLatin1String("targets")).toArray();
        for (const auto &target : targets)
            names << target[QLatin1String("name")].toString();
        QCOMPARE(names, (QStringList{QStringLiteral("local"), QStringLiteral("lab")}));
    }

    void usage_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("nothing") << QStringList();
        QTest::newRow("no verb") << words("rum local");
        QTest::newRow("no alias") << words("exec");
        QTest::newRow("no command") << words("run local");
        QTest::newRow("unknown option") << words("targets --fast");
        QTest::newRow("no number") << words("metrics local --samples many");
        QTest::newRow("no value") << words("run local --name");
        QTest::newRow("too much") << words("version now");
        QTest::newRow("both ends here") << words("cp a b");
        QTest::newRow("no signal") << words("signal somejob NOSUCH");
        QTest::newRow("bad variable") << words("run local --env x -- true");
        QTest::newRow("bad variable again") << words("rerun somejob --env x");
        QTest::newRow("no template") << words("run local --template nosuch");
        QTest::newRow("template and command") << words("run local --template selftest -- true");
        QTest::newRow("nothing to set") << words("set local");
        QTest::newRow("no transport") << words("set local --transport pigeon");
    }

    void usage()
    {
        QFETCH(QStringList, arguments);
        QCOMPARE(m_host->run(arguments).code, 2);
    }

    void unknownVerbNamesTheNearest()
    {
        const auto ran = m_host->run(words("rum --json"));
        QCOMPARE(ran.code, 2);
        QVERIFY(
            ran.error().value(QLatin1String("next")).toString().contains(QStringLiteral("“run”")));
        QCOMPARE(ran.error().keys(),
            (QStringList{QStringLiteral("cause"), QStringLiteral("kind"), QStringLiteral("message"),
                QStringLiteral("next"), QStringLiteral("stage")}));
        QVERIFY(ran.error().value(QLatin1String("cause")).isNull());
    }

    void everyVerbHasHelpWithAnExample()
    {
        const auto general = m_host->run(words("--help"));
        QCOMPARE(general.code, 0);
        static const QRegularExpression line(
            QStringLiteral("^  ([a-z][a-z-]*(?: (?:resolve|deploy|"
                           "status|remove|ack|unack|snooze|wake)(?= ))?)"),
            QRegularExpression::MultilineOption);
        auto matches = line.globalMatch(QString::fromUtf8(general.out));
        int count = 0;
        while (matches.hasNext()) {
            const QString verb = matches.next().captured(1);
            const auto help = m_host->run(verb.split(QLatin1Char(' ')) << QStringLiteral("--help"));
            QVERIFY2(help.code == 0, qPrintable(verb));
            QVERIFY2(help.out.contains("Example: pilothousectl "), qPrintable(verb));
            // What it does in one line, an example, what it prints, and how it ends.
            const auto paragraphs = QString::fromUtf8(help.out).split(QStringLiteral("\n\n"));
            QVERIFY2(paragraphs.size() >= 6, help.out.constData());
            QVERIFY2(paragraphs[3].size() > 40, help.out.constData());
            QVERIFY2(paragraphs[4].contains(QStringLiteral("xit code")), help.out.constData());
            for (const auto &one : QString::fromUtf8(help.out).split(u'\n'))
                QVERIFY2(one.size() <= 110, qPrintable(one));
            ++count;
        }
        QCOMPARE(count, 41);
    }

    void connectDeploysOnceAndIsAudited()
    {
        const auto ran = m_host->run(words("connect local --json"));
        QCOMPARE(ran.code, 0);
        QVERIFY(!ran.json().value(QLatin1String("agent_version")).isNull());
        QCOMPARE(m_host->run(words("connect local")).code, 0);
        int deployed = 0;
        const auto rows
            = m_host->run(words("audit --json")).json().value(QLatin1String("audit")).toArray();
        for (const auto &row : rows) {
            deployed += row[QLatin1String("act")] == QLatin1String("agent.deploy");
            QCOMPARE(row[QLatin1String("outcome")].toString(), QStringLiteral("done"));
        }
        QCOMPARE(deployed, 1);
    }

    void runWaitGivesOutputAndExitCode()
    {
        const auto ran = m_host->run(shell(
            "run local --wait --env GREETING=hello --", QStringLiteral("echo $GREETING; exit 7")));
        QCOMPARE(ran.out, QByteArray("hello\n"));
        QCOMPARE(ran.code, 7);
        QCOMPARE(m_host->run(words("run local --wait -- true")).code, 0);
    }

    void runWaitGives128AndTheSignal()
    {
        const auto ran
            = m_host->run(shell("run local --wait --json --", QStringLiteral("kill -9 $$")));
        QCOMPARE(ran.code, 137);
        QCOMPARE(ran.json().value(QLatin1String("signal")).toInt(), 9);
    }

    void logsFollowToTheEnd()
    {
        const QString gate = m_host->file(QStringLiteral("gate"));
        QCOMPARE(m_host
                     ->run(shell("run local --name gated --",
                         QStringLiteral("echo one; while [ ! -e %1 ]; do sleep 0.05; done; "
                                        "echo two; exit 3")
                             .arg(gate)))
                     .code,
            0);
        const auto logs = m_host->start(words("logs -f gated"));
        QByteArray out;
        QTRY_VERIFY_WITH_TIMEOUT(
            (logs->waitForReadyRead(100), out += logs->readAllStandardOutput(), out == "one\n"),
            20'000);
        QFile file(gate);
        QVERIFY(file.open(QFile::WriteOnly));
        QVERIFY(logs->waitForFinished(20'000));
        out += logs->readAllStandardOutput();
        QCOMPARE(out, QByteArray("one\ntwo\n"));
        QCOMPARE(logs->exitCode(), 0); // the log's own: it was read to its end
        QCOMPARE(jobNamed(QStringLiteral("gated")).value(QLatin1String("exit_code")).toInt(), 3);
    }

    void jobsAsJson()
    {
        QCOMPARE(m_host->run(words("run local --name shaped --wait -- true")).code, 0);
        const auto job = jobNamed(QStringLiteral("shaped"));
        for (const auto *key : {"id", "name", "target", "engine", "state", "exit_code", "signal",
                 "submitted_at", "started_at", "ended_at"})
            QVERIFY2(job.contains(QLatin1String(key)), key);
        QCOMPARE(job.value(QLatin1String("state")).toString(), QStringLiteral("succeeded"));
        QCOMPARE(job.value(QLatin1String("target")).toString(), QStringLiteral("local"));
        QCOMPARE(job.value(QLatin1String("engine")).toString(), QStringLiteral("process"));
        QVERIFY(job.value(QLatin1String("signal")).isNull());
        const QString time = job.value(QLatin1String("started_at")).toString();
        QVERIFY(time.endsWith(QLatin1Char('Z')));
        QVERIFY(QDateTime::fromString(time, Qt::ISODateWithMs).isValid());
        // A unique prefix of six characters or more names it too.
        const QString id = job.value(QLatin1String("id")).toString();
        QCOMPARE(id.size(), 26);
        QCOMPARE(m_host->run(words("logs") << id.left(20)).code, 0);
    }

    void cancelEndsAJob()
    {
        QCOMPARE(m_host->run(words("run local --name long -- sleep 600")).code, 0);
        const auto ran = m_host->run(words("cancel long --json"));
        QCOMPARE(ran.code, 0);
        QCOMPARE(ran.json().value(QLatin1String("state")).toString(), QStringLiteral("cancelled"));
        QCOMPARE(m_host->run(words("signal long USR1")).code, 1); // it has ended
        QCOMPARE(m_host->run(words("forget long")).code, 0);
        QCOMPARE(m_host->run(words("logs long")).code, 5);
    }

    void unknownJobIsNotFound()
    {
        const auto ran = m_host->run(words("cancel no-such-job --json"));
        QCOMPARE(ran.code, 5);
        QCOMPARE(ran.error().value(QLatin1String("kind")).toString(), QStringLiteral("not_found"));
        QVERIFY(ran.out.isEmpty());
    }

    /// Every kind that can be had without a network, as an object on stderr and nothing on stdout.
    void errorsAreObjects_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("kind");
        QTest::addColumn<int>("code");
        const auto row = [](const char *line, const char *kind, int code) {
            QTest::newRow(line) << words(line) << QString::fromLatin1(kind) << code;
        };
        row("connect nowhere --json", "not_found", 5);
        row("exec lab --json -- true", "unreachable", 255);
        row("config resolve local --json", "unsupported", 7);
        row("protect local ajar --json", "bad_input", 2);
        row("cp a b --json", "bad_input", 2);
        row("signal x NOSUCH --json", "bad_input", 2);
        row("metrics local --samples --json", "bad_input", 2);
        row("add local --json --host 127.0.0.1", "conflict", 1);
        row("logs abcdef --json", "not_found", 5);
    }

    void errorsAreObjects()
    {
        QFETCH(QStringList, arguments);
        const auto ran = m_host->run(arguments);
        QTEST(ran.code, "code");
        QTEST(ran.error().value(QLatin1String("kind")).toString(), "kind");
        QVERIFY(!ran.error().value(QLatin1String("message")).toString().isEmpty());
        QCOMPARE(ran.error().size(), 5);
        QCOMPARE(ran.err.count('\n'), 1);
        QVERIFY(ran.out.isEmpty());
    }

    void aJobIsNamedByWhatIsUnique()
    {
        QCOMPARE(m_host->run(words("run local --name double --wait -- true")).code, 0);
        const auto first = jobNamed(QStringLiteral("double")).value(QLatin1String("id")).toString();
        QCOMPARE(m_host->run(words("logs double")).code, 0);
        QCOMPARE(m_host->run(words("logs") << first).code, 0);
        QVERIFY(m_host->run(words("logs") << first.left(5)).code != 0); // too short
        QCOMPARE(m_host->run(words("run local --name double --wait -- true")).code, 0);
        const auto both = m_host->run(words("logs double --json"));
        QVERIFY(both.code != 0);
        QVERIFY(!both.error().value(QLatin1String("message")).toString().isEmpty());
        QCOMPARE(m_host->run(words("logs") << first).code, 0);
    }

    void cpBothWays()
    {
        QByteArray bytes;
        for (int i = 0; i < 300'000; ++i)
            bytes += char(i * 13 + i / 999);
        QFile source(m_host->file(QStringLiteral("source")));
        QVERIFY(source.open(QFile::WriteOnly));
        source.write(bytes);
        source.close();
        const QString there = QStringLiteral("local:") + m_host->file(QStringLiteral("there"));
        const QString back = m_host->file(QStringLiteral("back"));
        QCOMPARE(m_host->run(words("cp") << source.fileName() << there).code, 0);
        QCOMPARE(m_host->run(words("cp") << there << back).code, 0);
        QFile copy(back);
        QVERIFY(copy.open(QFile::ReadOnly));
        QVERIFY(copy.readAll() == bytes);
        QCOMPARE(m_host->run(words("cp local:/no/such/file x")).code, 5);
    }

    void readOnlyLetsNothingThrough()
    {
        const QString proof = m_host->file(QStringLiteral("proof"));
        QCOMPARE(m_host->run(words("protect local read_only")).code, 0);
        const auto ran = m_host->run(words("run local --json -- touch") << proof);
        const int executed = m_host->run(words("exec local -- touch") << proof).code;
        QCOMPARE(m_host->run(words("protect local open")).code, 0);
        QCOMPARE(ran.code, 4);
        QCOMPARE(ran.error().value(QLatin1String("kind")).toString(), QStringLiteral("denied"));
        QCOMPARE(executed, 255);
        QVERIFY(!QFile::exists(proof));
    }

    void protectedWantsTheName()
    {
        QCOMPARE(m_host->run(words("run local --name guarded -- sleep 600")).code, 0);
        QCOMPARE(m_host->run(words("protect local protected")).code, 0);
        const int unnamed = m_host->run(words("cancel guarded")).code;
        const int named
            = m_host->run(words("cancel guarded --confirm") << QStringLiteral("This machine")).code;
        QCOMPARE(m_host->run(words("protect local open")).code, 0);
        QCOMPARE(unnamed, 4);
        QCOMPARE(named, 0);
    }

    void metricsAreOneObjectPerLine()
    {
        const auto ran
            = m_host->run(words("metrics local --metric memory_used_bytes --samples 2 --json"));
        QCOMPARE(ran.code, 0);
        const auto lines = ran.out.trimmed().split('\n');
        QCOMPARE(lines.size(), 2);
        for (const auto &line : lines) {
            Ran one;
            one.out = line;
            QCOMPARE(one.json().value(QLatin1String("schema")).toString(),
                QStringLiteral("pilothouse.sample"));
            const auto values = one.json().value(QLatin1String("values")).toArray();
            QCOMPARE(values.size(), 1);
            QVERIFY(values[0][QLatin1String("value")].toDouble() > 0);
            QVERIFY(values[0][QLatin1String("device")].isNull());
        }
        QCOMPARE(m_host->run(words("top local --samples 1")).code, 0);
        QCOMPARE(m_host->run(words("processes local --json")).code, 0);
    }

    /// Numbers stand at the right of their column, so that units are below units.
    void numbersOfTablesAreAligned()
    {
        const auto ran = m_host->run(words("processes local --limit 30"));
        QCOMPARE(ran.code, 0);
        const auto lines = QString::fromUtf8(ran.out).split(u'\n', Qt::SkipEmptyParts);
        QVERIFY(lines.size() > 3);
        const auto end = [&](const char *head) {
            return lines[0].indexOf(QLatin1String(head)) + qsizetype(qstrlen(head));
        };
        const auto cpu = end("CPU"), memory = end("MEMORY"), pid = end("PID");
        for (const auto &line : lines.mid(1)) {
            QVERIFY2(line[pid - 1].isDigit() && line[pid] == u' ', qPrintable(line));
            QVERIFY2(line[cpu - 1] == u'%' && line[cpu] == u' ', qPrintable(line));
            QVERIFY2(line[memory - 1] == u'B' && line[memory] == u' ', qPrintable(line));
        }
    }

    /// A simulated node has no ssh behind it.
    void simulatedTargetsOfferNoSsh()
    {
        const auto all
            = m_host->run(words("--demo=nodes=2,gpus=1,history=0 targets --json")).json();
        const auto name
            = all.value(QLatin1String("targets")).toArray().first()[QLatin1String("name")];
        QVERIFY(!name.toString().isEmpty());
        const auto ran = m_host->run(
            words("--demo=nodes=2,gpus=1,history=0 config resolve --json") << name.toString());
        QCOMPARE(ran.code, 7);
        QCOMPARE(
            ran.error().value(QLatin1String("kind")).toString(), QStringLiteral("unsupported"));
        QVERIFY(ran.error()
                    .value(QLatin1String("message"))
                    .toString()
                    .contains(QStringLiteral("without SSH")));
    }

    void killedBetweenIntentAndSubmit()
    {
        const QString id = newJobId();
        const pid_t child = ::fork();
        if (child == 0) { // a console that dies after its intent, before a byte was sent
            auto ledger = Ledger::openFile(m_host->ledger());
            Job job;
            job.id = id;
            job.target = QStringLiteral("local");
            job.state = JobState::Queued;
            job.spec.name = QStringLiteral("orphan");
            job.spec.argv = QStringList{QStringLiteral("true")};
            job.submittedAt = QDateTime::currentMSecsSinceEpoch();
            if (!ledger || !(*ledger)->addIntent(job))
                ::_exit(1);
            ::raise(SIGKILL);
        }
        int status = 0;
        QCOMPARE(::waitpid(child, &status, 0), child);
        QVERIFY(WIFSIGNALED(status));
        QTRY_COMPARE_WITH_TIMEOUT(
            jobNamed(QStringLiteral("orphan")).value(QLatin1String("state")).toString(),
            QStringLiteral("succeeded"), 30'000);
        QCOMPARE(jobNamed(QStringLiteral("orphan")).value(QLatin1String("id")).toString(), id);
    }

    void theAuditIsWhole()
    {
        QCOMPARE(m_host->run(words("audit --verify")).code, 0);
        QCOMPARE(m_host->run(words("agent status local --json")).code, 0);
    }
};

QTEST_GUILESS_MAIN(TestCtl)
#include "test_ctl.moc"
