// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engines/slurm/slurmengine.h"
#include "core/transport/ioloop.h"
#include "tests/core/engines/slurm/slurmhost.h"

#include <QTest>

using namespace pilothouse;

/// A cluster with accounting whose controller forgets ended jobs at once: they are still found.
class TestSlurmAccounts : public QObject {
    Q_OBJECT
    std::unique_ptr<SlurmHost> m_host;
    std::unique_ptr<SlurmEngine> m_engine;

    Result<QList<Job>> find(const QString &id)
    {
        return QCoro::waitFor(m_engine->find(Context(), {id}));
    }

private Q_SLOTS:
    void initTestCase()
    {
        for (const QString &missing : {Slurm::missing(), Slurm::accountsMissing()}) {
            if (!missing.isEmpty())
                QSKIP(qPrintable(missing));
        }
        m_host = std::make_unique<SlurmHost>(
            QStringList{QStringLiteral("MinJobAge=2"), QStringLiteral("MessageTimeout=2")});
        m_host->slurm.keepAccounts();
        const QString trouble = m_host->start();
        QVERIFY2(trouble.isEmpty(), qPrintable(trouble));
        m_engine = std::make_unique<SlurmEngine>(m_host->context());
    }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void cleanupTestCase()
    {
        m_engine.reset();
        m_host.reset();
        stopAgentThreads();
        IoLoop::instance().stop();
    }

    void findsWhatTheControllerForgot()
    {
        Job job = SlurmHost::job(QStringLiteral("exit 3"));
        job.spec.name = QStringLiteral("two\nlines");
        job.spec.gpus = 2;
        m_host->commands->loseAnswers = true;
        QVERIFY(!QCoro::waitFor(m_engine->submit(Context(), PermitForTests::make(), job)));
        m_host->commands->loseAnswers = false;
        QVERIFY(eventually([&] {
            return m_host->slurm
                .run({QStringLiteral("squeue"), QStringLiteral("-h"), QStringLiteral("-t"),
                    QStringLiteral("all")})
                .isEmpty();
        }));
        const auto found = find(job.id);
        QVERIFY2(found, qPrintable(found ? QString() : found.error().cause));
        QCOMPARE(found->size(), 1);
        QCOMPARE(found->front().exitCode, 3);
        const auto accounted = m_host->slurm.run({QStringLiteral("sacct"), QStringLiteral("-nX"),
            QStringLiteral("-o"), QStringLiteral("State")});
        QVERIFY2(accounted.contains(QLatin1String("FAILED")), qPrintable(accounted));
    }

    void saysWhatTheUserMayCharge()
    {
        const auto status = QCoro::waitFor(m_engine->status(Context()));
        QVERIFY(status);
        QCOMPARE(status->notes, QStringList());
        QCOMPARE(status->accounts, QStringList{QStringLiteral("root")});
    }
};

QTEST_GUILESS_MAIN(TestSlurmAccounts)
#include "test_slurmaccounts.moc"
