// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Jobs on engines of the user's: exactly once, whatever is lost on the way.
#include "core/jobs/jobservice.h"
#include "core/jobs/ledger.h"
#include "core/jobs/why.h"
#include "tests/core/jobs/fakeengine.h"
#include "tests/core/jobs/fakelinks.h"

#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

static const QString lab = QStringLiteral("ssh:lab");
static const QString fake = QStringLiteral("fake");

struct QueueConsole {
    explicit QueueConsole(const QString &file)
        : ledger(std::move(*Ledger::openFile(file)))
        , service(std::make_unique<FakeLinks>(), ledger.get())
    {
        service.setEngines(&engines);
        service.setRemedyAsker([this](JobService::Remedy remedy, const QString &id) {
            if (remedy == JobService::Remedy::Resubmit)
                service.resubmit(Context(), PermitForTests::make(), id);
            else
                service.cancel(Context(), PermitForTests::make(), id);
        });
    }
    Result<Job> launch()
    {
        JobSpec spec;
        spec.name = QStringLiteral("train");
        spec.argv = QStringList{QStringLiteral("python"), QStringLiteral("train.py")};
        return QCoro::waitFor(service.launch(Context(), PermitForTests::make(), lab, spec, fake));
    }
    LedgerRow onlyRow() const
    {
        const auto rows = ledger->jobs();
        return rows.size() == 1 ? rows.first() : LedgerRow();
    }
    std::unique_ptr<Ledger> ledger;
    FakeEngines engines;
    JobService service;
};

class TestEngineJobs : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    int m_count = 0;
    QString freshFile() { return m_folder.filePath(QStringLiteral("%1.db").arg(++m_count)); }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void acceptedAndKept()
    {
        const QString file = freshFile();
        {
            QueueConsole console(file);
            const auto job = console.launch();
            QVERIFY(job);
            QCOMPARE(job->state, JobState::Queued);
            QCOMPARE(job->nativeId, QStringLiteral("101"));
            QCOMPARE(console.onlyRow().submission, Submission::Accepted);
        }
        const auto ledger = std::move(*Ledger::openFile(file));
        QCOMPARE(ledger->jobs().first().job.nativeId, QStringLiteral("101"));
        QCOMPARE(ledger->jobs().first().job.engine, fake);
    }

    /// Its end is seen without anybody asking.
    void followed()
    {
        QueueConsole console(freshFile());
        const auto job = console.launch();
        QVERIFY(job);
        auto &there = console.engines.one->there[job->id];
        there.state = JobState::Failed;
        there.exitCode = 3;
        QTRY_COMPARE(console.service.find(job->id)->state, JobState::Failed);
        QCOMPARE(console.service.find(job->id)->exitCode, 3);
    }

    void lostAnswerIsAdopted()
    {
        QueueConsole console(freshFile());
        console.engines.one->next = FakeEngine::Fault::LostAfter;
        QVERIFY(!console.launch());
        QTRY_COMPARE(console.onlyRow().submission, Submission::Accepted);
        QCOMPARE(console.engines.one->started, 1);
        QCOMPARE(console.onlyRow().job.nativeId, QStringLiteral("101"));
    }

    void lostRequestIsSentAgain()
    {
        QueueConsole console(freshFile());
        console.engines.one->next = FakeEngine::Fault::LostBefore;
        QVERIFY(!console.launch());
        QTRY_COMPARE(console.onlyRow().submission, Submission::Accepted);
        QCOMPARE(console.engines.one->started, 1);
    }

    /// An engine that does not answer proves nothing: nothing is sent again until it does.
    void silenceProvesNothing()
    {
        QueueConsole console(freshFile());
        console.engines.one->next = FakeEngine::Fault::LostAfter;
        console.engines.one->deaf = true;
        QVERIFY(!console.launch());
        QTest::qWait(100);
        QCOMPARE(console.onlyRow().submission, Submission::Sent);
        QCOMPARE(console.engines.one->started, 1);
        console.engines.one->deaf = false;
        console.engines.set(true);
        QTRY_COMPARE(console.onlyRow().submission, Submission::Accepted);
        QCOMPARE(console.engines.one->started, 1);
    }

    /// One that says "look again" is asked again by itself.
    void lookedForAgain()
    {
        QueueConsole console(freshFile());
        console.engines.one->next = FakeEngine::Fault::LostBefore;
        console.engines.one->deaf = true;
        QVERIFY(!console.launch());
        QTest::qWait(100);
        console.engines.one->deaf = false;
        QTRY_COMPARE_WITH_TIMEOUT(console.onlyRow().submission, Submission::Accepted, 30'000);
        QCOMPARE(console.engines.one->started, 1);
    }

    void refusedIsOver()
    {
        QueueConsole console(freshFile());
        console.engines.one->next = FakeEngine::Fault::Refused;
        const auto job = console.launch();
        QCOMPARE(job.error().kind, ErrorKind::Denied);
        QCOMPARE(console.onlyRow().submission, Submission::Refused);
        QCOMPARE(console.onlyRow().job.state, JobState::Failed);
    }

    void engineThatForgotLeavesItUnknownThenAdopts()
    {
        QueueConsole console(freshFile());
        const auto job = console.launch();
        QVERIFY(job);
        const Job kept = console.engines.one->there.take(job->id);
        QTRY_COMPARE(console.service.find(job->id)->state, JobState::Unknown);
        console.engines.one->there.insert(job->id, kept);
        QTRY_COMPARE(console.service.find(job->id)->state, JobState::Queued);
    }

    void withoutTheEngineItIsStale()
    {
        QueueConsole console(freshFile());
        const auto job = console.launch();
        QVERIFY(job && !job->stale);
        console.engines.set(false);
        QVERIFY(console.service.find(job->id)->stale);
        const auto ended
            = QCoro::waitFor(console.service.cancel(Context(), PermitForTests::make(), job->id));
        QCOMPARE(ended.error().kind, ErrorKind::Unreachable);
    }

    void verbs()
    {
        QueueConsole console(freshFile());
        const auto job = console.launch();
        QVERIFY(job);
        const auto held = QCoro::waitFor(
            console.service.act(Context(), PermitForTests::make(), job->id, JobVerb::Hold));
        QVERIFY(held);
        QCOMPARE(held->reason, QStringLiteral("JobHeldUser"));
        const auto ended
            = QCoro::waitFor(console.service.cancel(Context(), PermitForTests::make(), job->id));
        QVERIFY(ended);
        QCOMPARE(ended->state, JobState::Cancelled);
    }

    void endsAreExplained_data()
    {
        QTest::addColumn<int>("code");
        QTest::addColumn<int>("signal");
        QTest::addColumn<WhyCategory>("category");
        QTest::addColumn<QString>("word");
        QTest::newRow("own code") << 3 << 0 << WhyCategory::Program << QStringLiteral("code 3");
        QTest::newRow("not found")
            << 127 << 0 << WhyCategory::Program << QStringLiteral("not found");
        QTest::newRow("crash") << 0 << 11 << WhyCategory::Program << QStringLiteral("SIGSEGV");
        QTest::newRow("shell's word")
            << 139 << 0 << WhyCategory::Program << QStringLiteral("SIGSEGV");
        QTest::newRow("told to") << 143 << 0 << WhyCategory::Cancelled << QStringLiteral("SIGTERM");
    }
    void endsAreExplained()
    {
        QFETCH(int, code);
        QFETCH(int, signal);
        QFETCH(WhyCategory, category);
        QFETCH(QString, word);
        const auto why = explainEnd(code, signal);
        QCOMPARE(why.category, category);
        QVERIFY2(why.sentence.contains(word), qPrintable(why.sentence));
    }
};

QTEST_GUILESS_MAIN(TestEngineJobs)
#include "test_enginejobs.moc"
