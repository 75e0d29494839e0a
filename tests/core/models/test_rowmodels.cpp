// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/jobmodel.h"
#include "core/models/processmodel.h"

#include <QAbstractItemModelTester>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;

static Job job(const QString &id, const QString &name, JobState state = JobState::Running)
{
    Job result;
    result.id = id;
    result.target = QStringLiteral("local");
    result.spec.name = name;
    result.state = state;
    return result;
}

class TestRowModels : public QObject {
    Q_OBJECT

    static QStringList names(const JobModel &model)
    {
        QStringList result;
        for (int i = 0; i < model.rowCount(); ++i)
            result << model.at(i).spec.name;
        return result;
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void mergesWithoutReset()
    {
        JobModel model([](const QString &id) { return id; });
        QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.apply({job(QStringLiteral("a"), QStringLiteral("one")),
            job(QStringLiteral("b"), QStringLiteral("two"))});
        const QPersistentModelIndex kept(model.index(1, 0));
        model.apply({job(QStringLiteral("b"), QStringLiteral("two"), JobState::Succeeded),
            job(QStringLiteral("c"), QStringLiteral("three"))});
        QCOMPARE(names(model), QStringList({QStringLiteral("two"), QStringLiteral("three")}));
        QVERIFY(kept.isValid());
        QCOMPARE(kept.row(), 0);
        QCOMPARE(kept.data(StateRole).toString(), QStringLiteral("succeeded"));
        QCOMPARE(changed.size(), 1);
        QCOMPARE(reset.size(), 0);
    }

    void sortsAndFilters()
    {
        JobModel model([](const QString &) { return QStringLiteral("This machine"); });
        QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.apply({job(QStringLiteral("a"), QStringLiteral("Zeta")),
            job(QStringLiteral("b"), QStringLiteral("alpha"), JobState::Failed),
            job(QStringLiteral("c"), QStringLiteral("mid"))});
        model.sort(JobModel::Name, Qt::DescendingOrder);
        QCOMPARE(names(model),
            QStringList({QStringLiteral("Zeta"), QStringLiteral("mid"), QStringLiteral("alpha")}));
        model.setText(QStringLiteral("machine running"));
        QCOMPARE(names(model), QStringList({QStringLiteral("Zeta"), QStringLiteral("mid")}));
        QCOMPARE(model.hiddenCount(), 1);
        model.setText({});
        QCOMPARE(model.rowCount(), 3);
        QVERIFY(model.asText({0}).endsWith(QStringLiteral("\ta")));
    }

    void randomChangesKeepTheOrder()
    {
        JobModel model([](const QString &id) { return id; });
        QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.sort(JobModel::Name, Qt::AscendingOrder);
        auto *random = QRandomGenerator::global();
        for (int round = 0; round < 200; ++round) {
            std::vector<Job> jobs;
            for (int i = 0; i < 30; ++i) {
                if (random->bounded(3) != 0)
                    jobs.push_back(job(QString::number(i), QString::number(random->bounded(1000))));
            }
            model.apply(jobs);
            QCOMPARE(model.rowCount(), int(jobs.size()));
            auto sorted = names(model);
            std::sort(sorted.begin(), sorted.end());
            QCOMPARE(names(model), sorted);
        }
    }

    void unknownIsADash()
    {
        Process process;
        process.pid = 7;
        process.gpus = {{QStringLiteral("GPU-1"), 0, false}};
        ProcessModel model([](const QString &) { return QStringLiteral("GPU 0"); },
            [](const QString &id) { return id; });
        QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.show({process});
        QCOMPARE(model.index(0, ProcessModel::GpuMemory).data().toString(), QStringLiteral("–"));
        QCOMPARE(model.index(0, ProcessModel::Devices).data().toString(), QStringLiteral("GPU 0"));
        QCOMPARE(model.index(0, ProcessModel::GpuTime).data().toString(), QStringLiteral("–"));
        QCOMPARE(model.index(0, ProcessModel::Energy).data().toString(), QStringLiteral("–"));
        process.share = GpuShare{90, 45.0, 7200.0};
        process.gpus.first().busyRatio = 0.5;
        model.show({process});
        QCOMPARE(model.index(0, ProcessModel::GpuTime).data().toString(),
            QStringLiteral("1\u00a0min\u00a030\u00a0s"));
        QCOMPARE(
            model.index(0, ProcessModel::Energy).data().toString(), QStringLiteral("2.0\u00a0Wh"));
        QCOMPARE(
            model.index(0, ProcessModel::GpuBusy).data().toString(), QStringLiteral("50\u00a0%"));
    }

    void processesAsATree()
    {
        const auto process = [](quint32 pid, quint32 parent, const char *command) {
            Process one;
            one.pid = pid;
            one.parent = parent;
            one.startTicks = pid;
            one.command = QString::fromLatin1(command);
            return one;
        };
        ProcessModel model(
            [](const QString &) { return QString(); }, [](const QString &id) { return id; });
        QAbstractItemModelTester tester(
            &model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        // 30 and 31 say of each other that they are the parent: no circle is walked.
        model.show({process(900, 20, "worker"), process(20, 3, "torchrun"), process(3, 1, "sshd"),
            process(1000, 20, "worker 2"), process(30, 31, "odd"), process(31, 30, "odd 2"),
            process(5, 5, "own parent")});
        model.setTree(true);
        model.sort(ProcessModel::Place, Qt::AscendingOrder);
        QStringList commands;
        for (int row = 0; row < model.rowCount(); ++row)
            commands << model.index(row, ProcessModel::Command).data().toString();
        QCOMPARE(commands.mid(0, 5),
            QStringList({QStringLiteral("sshd"), QStringLiteral("   └ torchrun"),
                QStringLiteral("      └ worker"), QStringLiteral("      └ worker 2"),
                QStringLiteral("own parent")}));
        QCOMPARE(commands.size(), 7);
        model.setTree(false);
        QCOMPARE(
            model.index(1, ProcessModel::Command).data().toString(), QStringLiteral("torchrun"));
    }
};

QTEST_GUILESS_MAIN(TestRowModels)
#include "test_rowmodels.moc"
