// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Output that ends, and waiting that ends.
#include "core/jobs/jobid.h"
#include "core/jobs/ledger.h"
#include "tests/app/ctl/ctlhost.h"

#include <QDateTime>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace pilothouse;

class TestCtlStreams : public QObject {
    Q_OBJECT

    std::unique_ptr<CtlHost> m_host;

    Ran run(const char *line) const { return m_host->run(words(line)); }

private Q_SLOTS:
    void initTestCase()
    {
        m_host = std::make_unique<CtlHost>();
        QCOMPARE(run("connect local").code, 0);
        QCOMPARE(m_host
                     ->run(shell(
                         "run local --name silent --", QStringLiteral("echo one; exec sleep 600")))
                     .code,
            0);
    }
    void cleanupTestCase() { m_host.reset(); }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void endsWhenNobodyReads_data()
    {
        QTest::addColumn<QString>("line");
        for (const char *line : {"metrics local", "metrics local --json", "top local --samples 100",
                 "top local --samples 100 --json", "exec local -- yes", "logs -f silent",
                 "logs -f silent --json", "run local --wait -- sh -c 'echo x; exec sleep 600'"})
            QTest::newRow(line) << QString::fromLatin1(line);
    }

    /// As SIGPIPE would end it, and without a word; also when it would write no more.
    void endsWhenNobodyReads()
    {
        QFETCH(QString, line);
        const auto ran = m_host->shell(
            QStringLiteral("{ \"$CTL\" %1 2>err; echo $? >code; } | head -n 1").arg(line));
        QCOMPARE(ran.code, 0);
        QCOMPARE(ran.out.count('\n'), 1);
        QFile code(m_host->file(QStringLiteral("code"))), err(m_host->file(QStringLiteral("err")));
        QVERIFY(code.open(QFile::ReadOnly) && err.open(QFile::ReadOnly));
        QCOMPARE(code.readAll(), QByteArray("141\n"));
        const QByteArray said = err.readAll(); // "run" has told the job's id before
        QCOMPARE(said.count('\n'), line.startsWith(QLatin1String("run")) ? 1 : 0);
    }

    void sayingNothingNeedsNoReader()
    {
        const auto ran
            = m_host->shell(QStringLiteral("{ sleep 1; \"$CTL\" run local --name unread -- true; } "
                                           "| true; \"$CTL\" jobs"));
        QVERIFY2(ran.out.contains("unread"), ran.out.constData()); // launched all the same
    }

    void aFullDiskIsSaid()
    {
        const auto ran = m_host->shell(QStringLiteral("\"$CTL\" targets >/dev/full"));
        QCOMPARE(ran.code, 1);
        QCOMPARE(ran.err.count('\n'), 1);
        QVERIFY2(ran.err.contains("cannot be written"), ran.err.constData());
    }

    void waitingEndsWithTheTimeLimit()
    {
        const auto ran = run("run local --name patient --timeout 8 --wait -- sleep 600");
        QCOMPARE(ran.code, 6);
        QVERIFY2(ran.err.contains("the job goes on"), ran.err.constData());
        QVERIFY(ran.err.contains("pilothousectl logs -f "));
        QCOMPARE(run("logs -f patient --timeout 8").code, 6);
        QCOMPARE(run("alerts --watch 600 --timeout 8 local").code, 6);
        const auto json = run("rerun patient --timeout 8 --wait --json");
        QCOMPARE(json.code, 6);
        QCOMPARE(json.error().value(QLatin1String("kind")).toString(), QStringLiteral("timeout"));
        QVERIFY(json.error()
                    .value(QLatin1String("next"))
                    .toString()
                    .contains(QStringLiteral("logs -f")));
        QCOMPARE(run("jobs").out.count("running"), 4); // with "silent" and what was read no more
    }

    void anUnreachableTargetIsAnObject()
    {
        auto ledger = Ledger::openFile(m_host->ledger());
        QVERIFY(ledger);
        Job job;
        job.id = newJobId();
        job.target = QStringLiteral("ssh:lab");
        job.state = JobState::Queued;
        job.spec.name = QStringLiteral("far");
        job.spec.argv = QStringList{QStringLiteral("true")};
        job.submittedAt = QDateTime::currentMSecsSinceEpoch();
        QVERIFY((*ledger)->addIntent(job));
        const auto ran = run("jobs --json");
        QCOMPARE(ran.code, 0);
        QCOMPARE(ran.err.count('\n'), 1);
        QCOMPARE(
            ran.error().value(QLatin1String("kind")).toString(), QStringLiteral("unreachable"));
        QVERIFY(ran.error()
                    .value(QLatin1String("message"))
                    .toString()
                    .contains(QStringLiteral("lab could not be asked")));
        QVERIFY(run("jobs").err.startsWith("lab could not be asked"));
    }

    void unknownMetricsAreSaid()
    {
        const auto near = run("metrics local --metric cpu_busy --json");
        QCOMPARE(near.code, 5);
        QVERIFY(near.out.isEmpty());
        QVERIFY(near.error()
                    .value(QLatin1String("next"))
                    .toString()
                    .contains(QStringLiteral("cpu_busy_ratio")));
        const auto none = run("metrics local --metric zzzzzzzzzzzz --json");
        QCOMPARE(none.code, 5);
        QVERIFY(none.error()
                    .value(QLatin1String("next"))
                    .toString()
                    .contains(QStringLiteral("--list")));
        QCOMPARE(run("metrics local --device nosuch --list").code, 5);
    }

    /// What is no text is not bent into some.
    void execKeepsBytesInJson()
    {
        const auto ran = m_host->run(shell("exec local --json --",
            QStringLiteral("printf '\\377x'; printf 'good \\303\\274' >&2")));
        QCOMPARE(ran.code, 0);
        QVERIFY(ran.json().value(QLatin1String("out")).isNull());
        QCOMPARE(ran.json().value(QLatin1String("out_base64")).toString(), QStringLiteral("/3g="));
        QCOMPARE(ran.json().value(QLatin1String("err")).toString(), QStringLiteral("good ü"));
        QVERIFY(ran.json().value(QLatin1String("err_base64")).isNull());
        QCOMPARE(ran.json().value(QLatin1String("truncated")).toBool(true), false);
    }

    void execSaysWhatItCutOff()
    {
        const auto ran = m_host->run(shell(
            "exec local --json --", QStringLiteral("head -c 1048577 /dev/zero | tr '\\0' x")));
        QCOMPARE(ran.code, 0);
        QCOMPARE(ran.json().value(QLatin1String("out")).toString().size(), 1048576);
        QCOMPARE(ran.json().value(QLatin1String("truncated")).toBool(), true);
    }
};

QTEST_GUILESS_MAIN(TestCtlStreams)
#include "test_ctl_streams.moc"
