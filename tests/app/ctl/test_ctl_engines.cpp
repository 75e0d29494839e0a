// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// A real Slurm on this machine, as pilothousectl finds and uses it.
#include "tests/app/ctl/ctlhost.h"
#include "tests/peers/slurm.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QRegularExpression>
#include <QTest>

using namespace pilothouse;

class TestCtlEngines : public QObject {
    Q_OBJECT

    std::unique_ptr<Slurm> m_slurm;
    std::unique_ptr<CtlHost> m_host;

    Ran run(const char *line) const { return m_host->run(words(line)); }
    Ran why(const char *job) const
    {
        return m_host->run(
            {QStringLiteral("why"), QString::fromLatin1(job), QStringLiteral("--json")});
    }
    /// Whether that becomes the category of a job's explanation within half a minute.
    bool explained(const char *job, const char *category) const
    {
        QByteArray said;
        for (QElapsedTimer timer; !timer.isValid() || timer.elapsed() < 30'000;) {
            if (!timer.isValid())
                timer.start();
            const auto ran = why(job);
            said = ran.out + ran.err;
            if (ran.json().value(QLatin1String("category")).toString() == QLatin1String(category))
                return true;
        }
        qWarning("%s", said.constData());
        return false;
    }

private Q_SLOTS:
    void initTestCase()
    {
        const QString missing = Slurm::missing();
        if (!missing.isEmpty())
            QSKIP(qPrintable(missing));
        m_slurm = std::make_unique<Slurm>();
        QVERIFY2(m_slurm->start(), m_slurm->log().constData());
        const auto environment = m_slurm->environment();
        for (auto one = environment.begin(); one != environment.end(); ++one)
            qputenv(one.key().toUtf8().constData(), one.value().toUtf8());
        m_host = std::make_unique<CtlHost>();
        QCOMPARE(run("connect local").code, 0);
    }
    void cleanupTestCase()
    {
        m_host.reset();
        m_slurm.reset();
    }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void foundAndToldOf()
    {
        const auto ran = run("engines local --json");
        QCOMPARE(ran.code, 0);
        const auto engines = ran.json().value(QLatin1String("engines")).toArray();
        QCOMPARE(engines.size(), 1);
        const auto engine = engines.first().toObject();
        QCOMPARE(engine.value(QLatin1String("engine")).toString(), QStringLiteral("slurm"));
        const auto gpus = engine.value(QLatin1String("gpus")).toArray();
        QCOMPARE(gpus.size(), 1);
        QCOMPARE(
            gpus[0].toObject().value(QLatin1String("type")).toString(), QStringLiteral("h100"));
        QCOMPARE(gpus[0].toObject().value(QLatin1String("total")).toInt(), 16);
        QCOMPARE(engine.value(QLatin1String("queues")).toArray().size(), 3);
        const auto plain = run("engines");
        QVERIFY2(plain.out.contains("16 of 16 h100 free"), plain.out.constData());
    }

    void aJobRunsAndItsEndIsKnown()
    {
        const auto ran
            = m_host->run(shell("run local --engine slurm --gpus 2 --name hello --wait --",
                QStringLiteral("echo from $SLURM_JOB_NAME; exit 3")));
        QVERIFY2(ran.code == 3, ran.err.constData());
        QCOMPARE(ran.out, QByteArray("from hello\n"));
        const auto jobs = run("jobs --json").json().value(QLatin1String("jobs")).toArray();
        const auto job = jobs.first().toObject();
        QCOMPARE(job.value(QLatin1String("engine")).toString(), QStringLiteral("slurm"));
        QCOMPARE(job.value(QLatin1String("state")).toString(), QStringLiteral("failed"));
        QCOMPARE(job.value(QLatin1String("exit_code")).toInt(), 3);
        QVERIFY(job.value(QLatin1String("native_id")).toString().toInt() > 0);
        QVERIFY(explained("hello", "program"));
        QCOMPARE(run("logs hello").out, QByteArray("from hello\n"));
    }

    void tooLargeIsExplained()
    {
        const auto ran
            = run("run local --engine slurm --gpus 8 --nodes 2 --name fits -- sleep 600");
        QVERIFY2(ran.code == 0, ran.err.constData());
        const auto waiting
            = run("run local --engine slurm --gpus 8 --nodes 2 --name waits -- sleep 1");
        QCOMPARE(waiting.code, 0);
        QVERIFY(explained("waits", "resources"));
        QVERIFY(why("waits").json().value(QLatin1String("evidence")).toArray().size() > 0);
        QCOMPARE(run("cancel waits").code, 0);
        QCOMPARE(run("cancel fits").code, 0);
        const auto refused = run("run local --engine slurm --gpus 9 --name huge --json -- true");
        QVERIFY(refused.code != 0); // sbatch itself says no
        QVERIFY(refused.error()
                    .value(QLatin1String("cause"))
                    .toString()
                    .contains(QStringLiteral("Requested node configuration is not available")));
    }

    void heldAndReleased()
    {
        QCOMPARE(run("run local --engine slurm --queue closed --name parked -- true").code, 0);
        const auto held = run("hold parked --json");
        QVERIFY2(held.code == 0, held.err.constData());
        QVERIFY(explained("parked", "held"));
        QCOMPARE(run("release parked").code, 0);
        QVERIFY(explained("parked", "nodes"));
        QCOMPARE(run("cancel parked").code, 0);
        QCOMPARE(run("hold hello").code, 1); // it has ended
    }

    void withoutAnEngineOfThatKind()
    {
        const auto ran = run("run local --engine ray --name none --json -- true");
        QCOMPARE(ran.code, 5);
        QVERIFY(ran.error()
                    .value(QLatin1String("message"))
                    .toString()
                    .contains(QStringLiteral("no ray")));
    }
};

QTEST_GUILESS_MAIN(TestCtlEngines)
#include "test_ctl_engines.moc"
