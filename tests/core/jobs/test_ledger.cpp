// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/sqlite.h"
#include "core/jobs/jobjson.h"
#include "core/jobs/ledger.h"
#include "core/jobs/processidentity.h"

#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace pilothouse;

static Job job(const QString &id, const QString &name = QStringLiteral("train"))
{
    Job result;
    result.id = id;
    result.target = QStringLiteral("ssh:lab");
    result.spec.name = name;
    result.spec.argv = QStringList{QStringLiteral("echo"), QStringLiteral("a b")};
    result.spec.script = QByteArray("#!/bin/sh\n\xff\x01\n");
    result.spec.environment.insert(QStringLiteral("HF_TOKEN"), QStringLiteral("hunter2"));
    result.submittedAt = 1'700'000'000'000;
    return result;
}

class TestLedger : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    int m_count = 0;
    QString freshFile() { return m_folder.filePath(QStringLiteral("%1.db").arg(++m_count)); }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void everythingComesBack()
    {
        const QString file = freshFile();
        Job full = job(QStringLiteral("abcdef123"));
        full.state = JobState::Failed;
        full.exitCode = 3;
        full.peakMemoryBytes = 1ULL << 40;
        full.gpuSeconds = 7200.5;
        full.energyJoules = 1.5e6;
        full.gpuUuids = QStringList{QStringLiteral("GPU-1"), QStringLiteral("GPU-2")};
        {
            auto ledger = Ledger::openFile(file);
            QVERIFY(ledger);
            QVERIFY((*ledger)->addIntent(full));
        }
        auto ledger = Ledger::openFile(file);
        const auto rows = (*ledger)->jobs();
        QCOMPARE(rows.size(), 1);
        QCOMPARE(rows[0].job, full);
        QCOMPARE(rows[0].submission, Submission::Intent);
    }

    /// Read once while nobody writes: what anybody writes is seen at the next look.
    void eachChangeIsSeen()
    {
        const QString file = freshFile();
        auto here = *Ledger::openFile(file), there = *Ledger::openFile(file);
        QVERIFY(here->jobs().isEmpty() && there->jobs().isEmpty());
        QVERIFY(here->addIntent(job(QStringLiteral("aaaaaa111"))));
        QCOMPARE(here->jobs().size(), 1);
        QCOMPARE(there->jobs().size(), 1);
        QVERIFY(there->addIntent(job(QStringLiteral("bbbbbb222"))));
        QCOMPARE(there->jobs().size(), 2);
        QCOMPARE(here->jobs().size(), 2);
        QVERIFY(there->forget(QStringLiteral("aaaaaa111")));
        QCOMPARE(here->jobs().size(), 1);
        QCOMPARE(here->jobs().first().job.id, QStringLiteral("bbbbbb222"));
    }

    void findsByIdPrefixAndName()
    {
        auto ledger = *Ledger::openFile(freshFile());
        QVERIFY(ledger->addIntent(job(QStringLiteral("aaaaaa111"), QStringLiteral("one"))));
        QVERIFY(ledger->addIntent(job(QStringLiteral("aaaaaa222"), QStringLiteral("two"))));
        QVERIFY(ledger->addIntent(job(QStringLiteral("bbbbbb333"), QStringLiteral("two"))));
        QCOMPARE(ledger->find(QStringLiteral("aaaaaa1"))->job.spec.name, QStringLiteral("one"));
        QCOMPARE(ledger->find(QStringLiteral("one"))->job.id, QStringLiteral("aaaaaa111"));
        QCOMPARE(ledger->find(QStringLiteral("aaaaaa")).error().kind, ErrorKind::Conflict);
        QCOMPARE(ledger->find(QStringLiteral("two")).error().kind, ErrorKind::Conflict);
        QCOMPARE(ledger->find(QStringLiteral("bbbbb")).error().kind,
            ErrorKind::NotFound); // five are too few
        QCOMPARE(ledger->find(QStringLiteral("%")).error().kind, ErrorKind::NotFound);
    }

    void endedStaysEnded()
    {
        auto ledger = *Ledger::openFile(freshFile());
        Job one = job(QStringLiteral("abcdef1"));
        QVERIFY(ledger->addIntent(one));
        one.state = JobState::Succeeded;
        one.spec.script.clear();
        QVERIFY(ledger->update({one}));
        one.state = JobState::Running;
        QVERIFY(ledger->update({one}));
        const auto row = ledger->find(one.id);
        QCOMPARE(row->job.state, JobState::Succeeded);
        QVERIFY(!row->job.spec.script.isEmpty());
        QCOMPARE(row->submission, Submission::Accepted);
    }

    void doubtfulRowsBelongToALivingOwner()
    {
        const QString file = freshFile();
        // A child process writes the intent and dies before it sends anything.
        int told[2], mayDie[2];
        QCOMPARE(::pipe(told), 0);
        QCOMPARE(::pipe(mayDie), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            auto ledger = Ledger::openFile(file);
            const bool ok = ledger && (*ledger)->addIntent(job(QStringLiteral("orphan1")))
                && (*ledger)->setSubmission(QStringLiteral("orphan1"), Submission::Sent);
            char byte = ok ? 'y' : 'n';
            (void)!::write(told[1], &byte, 1);
            (void)!::read(mayDie[0], &byte, 1);
            ::raise(SIGKILL);
        }
        char byte = 0;
        QCOMPARE(::read(told[0], &byte, 1), ssize_t(1));
        QCOMPARE(byte, 'y');
        auto ledger = *Ledger::openFile(file);
        QVERIFY(ledger->claimDoubtful(QStringLiteral("ssh:lab"))->isEmpty());
        QCOMPARE(::write(mayDie[1], &byte, 1), ssize_t(1));
        QCOMPARE(::waitpid(child, nullptr, 0), child);
        const auto claimed = ledger->claimDoubtful(QStringLiteral("ssh:lab"));
        QCOMPARE(claimed->size(), 1);
        QCOMPARE(claimed->first().submission, Submission::Sent);
        QCOMPARE(claimed->first().ownerPid, ProcessIdentity::ofThisProcess().pid);
        QVERIFY(ledger->setSubmission(
            QStringLiteral("orphan1"), Submission::Refused, QStringLiteral("never started")));
        QVERIFY(ledger->claimDoubtful(QStringLiteral("ssh:lab"))->isEmpty());
        QCOMPARE(ledger->find(QStringLiteral("orphan1"))->job.state, JobState::Failed);
    }

    void auditIsChained()
    {
        const QString file = freshFile();
        {
            auto ledger = *Ledger::openFile(file);
            for (int i = 0; i < 5; ++i) {
                AuditRow row;
                row.time = i;
                row.act = QStringLiteral("job.launch");
                row.preview = QStringLiteral("echo %1").arg(i);
                const auto id = ledger->auditBegin(row);
                QVERIFY(id);
                if (i != 4) // the last one never ended: a crash
                    QVERIFY(ledger->auditEnd(*id, QStringLiteral("done"), {}));
            }
            QVERIFY(ledger->verifyAudit());
            QCOMPARE(ledger->audit(2).first().preview, QStringLiteral("echo 4"));
        }
        auto database = sqlite::Database::open(file, sqlite::Synchronous::Full,
            QStringList(3, QStringLiteral("not run: the version is there")));
        QVERIFY(database->execute(QStringLiteral("UPDATE audit SET outcome = '' WHERE id = 4")));
        QVERIFY(!(*Ledger::openFile(file))->verifyAudit()); // an end taken back
        QVERIFY(
            database->execute(QStringLiteral("UPDATE audit SET outcome = 'done' WHERE id = 4")));
        QVERIFY((*Ledger::openFile(file))->verifyAudit());
        QVERIFY(database->execute(QStringLiteral("UPDATE audit SET preview = 'rm' WHERE id = 3")));
        auto ledger = *Ledger::openFile(file);
        const auto verdict = ledger->verifyAudit();
        QVERIFY(!verdict);
        QVERIFY(verdict.error().message.contains(QLatin1Char('3')));
    }

    void aNewerFileIsRefused()
    {
        const QString file = freshFile();
        QVERIFY(Ledger::openFile(file));
        {
            auto database = sqlite::Database::open(
                file, sqlite::Synchronous::Full, QStringList(3, QStringLiteral("not run")));
            QVERIFY(database->execute(QStringLiteral("PRAGMA user_version = 99")));
        }
        const auto ledger = Ledger::openFile(file);
        QVERIFY(!ledger);
        QCOMPARE(ledger.error().kind, ErrorKind::Conflict);
    }

    void othersJobsHaveNoOwner()
    {
        auto ledger = *Ledger::openFile(freshFile());
        Job foreign = job(QStringLiteral("foreign1"));
        foreign.state = JobState::Running;
        QVERIFY(ledger->update({foreign}));
        QVERIFY(ledger->claimDoubtful(foreign.target)->isEmpty());
        QVERIFY(ledger->find(foreign.id)->ownerPid.isEmpty());
    }

    void withdrawnSurvivesAdoption()
    {
        auto ledger = *Ledger::openFile(freshFile());
        Job one = job(QStringLiteral("abcdef1"));
        QVERIFY(ledger->addIntent(one));
        QVERIFY(ledger->setSubmission(one.id, Submission::Sent));
        QVERIFY(ledger->withdraw(one.id));
        QVERIFY(ledger->setSubmission(one.id, Submission::Refused));
        QCOMPARE(ledger->find(one.id)->job.state, JobState::Cancelled);
        one.state = JobState::Running; // the node knows better
        QVERIFY(ledger->update({one}));
        QCOMPARE(ledger->find(one.id)->job.state, JobState::Running);
        QVERIFY(ledger->find(one.id)->withdrawn);
    }

    void previewMasksSecretArguments()
    {
        const QStringList argv{QStringLiteral("env"), QStringLiteral("API_KEY=abc"),
            QStringLiteral("curl"), QStringLiteral("--password"), QStringLiteral("hunter2"),
            QStringLiteral("--auth-token=xyz"), QStringLiteral("keys.txt")};
        QCOMPARE(maskedWords(argv).join(QLatin1Char(' ')),
            QStringLiteral("env API_KEY=*** curl --password *** --auth-token=*** keys.txt"));
    }

    void previewMasksSecrets()
    {
        const QString text = commandText(job(QStringLiteral("x")).spec);
        QVERIFY(!text.contains(QStringLiteral("hunter2")));
        QCOMPARE(text, QStringLiteral("HF_TOKEN=*** echo 'a b'"));
    }
};

QTEST_GUILESS_MAIN(TestLedger)
#include "test_ledger.moc"
