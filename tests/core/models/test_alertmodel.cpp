// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/alertmodel.h"

#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;

static constexpr qint64 now = 1'790'000'000'000, minute = 60'000;

static AlertRow row(const char *rule, int node, int gpu, HealthVerdict verdict, qint64 minutesAgo)
{
    AlertRow row;
    Alert &alert = row.alert;
    alert.target = QStringLiteral("ssh:n%1").arg(node);
    alert.nodeName = QStringLiteral("n%1").arg(node);
    alert.device = gpu < 0 ? QString() : QStringLiteral("G%1").arg(gpu);
    alert.deviceName = gpu < 0 ? QString() : QStringLiteral("GPU %1").arg(gpu);
    alert.rule = QString::fromLatin1(rule);
    alert.verdict = verdict;
    alert.raw = QStringLiteral("line of %1").arg(alert.rule);
    alert.since = now - minutesAgo * minute;
    alert.lastSeen = now;
    alert.id = alertId(alert.target, alert.device, alert.rule, alert.since);
    return row;
}

class TestAlertModel : public QObject {
    Q_OBJECT

    AlertModel *m_model = nullptr;

    /// "hot(2)", "+n1 · GPU 0" for what is in a group.
    QStringList shown() const
    {
        QStringList all;
        for (int i = 0; i < m_model->rowCount(); ++i) {
            const auto group = m_model->index(i, 0);
            const int rows = m_model->rowCount(group);
            all << group.data().toString()
                    + (rows > 0
                            ? QStringLiteral("(%1)").arg(group.data(AlertModel::CountRole).toInt())
                            : QStringLiteral(" ")
                                + m_model->index(i, AlertModel::Where).data().toString());
            for (int child = 0; child < rows; ++child)
                all << QLatin1Char('+')
                        + m_model->index(child, AlertModel::Where, group).data().toString();
        }
        return all;
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_model = new AlertModel([] { return now; }, this);
        new QAbstractItemModelTester(
            m_model, QAbstractItemModelTester::FailureReportingMode::QtTest, m_model);
    }
    void cleanup() { delete m_model; }

    void groupsByCause()
    {
        using enum HealthVerdict;
        m_model->apply({row("hot", 1, 0, Watch, 5), row("xid-79", 2, 3, Reboot, 9),
            row("hot", 3, 1, Watch, 3), row("silent", 4, -1, Watch, 1)});
        QCOMPARE(shown(),
            (QStringList{QStringLiteral("XID 79: fallen off the bus n2 · GPU 3"),
                QStringLiteral("Not heard n4"), QStringLiteral("Too hot(2)"),
                QStringLiteral("+n3 · GPU 1"), QStringLiteral("+n1 · GPU 0")}));
        const auto group = m_model->index(2, 0);
        QCOMPARE(m_model->index(2, AlertModel::Where).data().toString(),
            QStringLiteral("2 devices on 2 nodes"));
        QCOMPARE(
            m_model->index(2, AlertModel::Lasting).data().toString(), QStringLiteral("5\u00A0min"));
        QCOMPARE(group.data(AlertModel::IdsRole).toStringList().size(), 2);
        QCOMPARE(group.data(StateRole).toString(), QStringLiteral("watch"));
        QCOMPARE(m_model->index(0, 0).data(StateRole).toString(), QStringLiteral("reboot"));
        QVERIFY(group.data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("2 alerts")));
        QCOMPARE(m_model->shownCount(), 4);
    }

    void groupsGrowAndShrinkWithoutReset()
    {
        using enum HealthVerdict;
        QSignalSpy reset(m_model, &QAbstractItemModel::modelReset);
        const auto a = row("hot", 1, 0, Watch, 5), b = row("hot", 2, 0, Watch, 4);
        m_model->apply({a});
        const QPersistentModelIndex group(m_model->index(0, 0));
        QCOMPARE(m_model->rowCount(group), 0);
        QCOMPARE(group.data(KeyRole).toString(), a.alert.id);
        m_model->apply({a, b});
        QCOMPARE(m_model->rowCount(group), 2);
        const QPersistentModelIndex child(m_model->indexOf(a.alert.id));
        m_model->apply({a, b, row("hot", 3, 0, Watch, 1), row("pcie", 3, 1, Reboot, 1)});
        QCOMPARE(m_model->rowCount(group), 3);
        QCOMPARE(group.row(), 1);
        QCOMPARE(child.data(KeyRole).toString(), a.alert.id);
        QCOMPARE(child.row(), 2);
        m_model->apply({b});
        QCOMPARE(m_model->rowCount(group), 0);
        QCOMPARE(m_model->indexOf(b.alert.id), QModelIndex(group));
        m_model->apply({});
        QVERIFY(!group.isValid());
        QCOMPARE(reset.size(), 0);
    }

    void someRowsLeaveTheOthersAlone()
    {
        using enum HealthVerdict;
        const auto a = row("hot", 1, 0, Watch, 5), b = row("pcie", 2, 0, Watch, 4),
                   c = row("xid-79", 3, 0, Reboot, 3);
        m_model->apply({a, b});
        QSignalSpy changed(m_model, &QAbstractItemModel::dataChanged);
        auto later = b;
        later.alert.raw = QStringLiteral("news");
        m_model->applySome({later, c}, {});
        QCOMPARE(m_model->shownCount(), 3);
        QCOMPARE(m_model->find(b.alert.id)->alert.raw, QStringLiteral("news"));
        QCOMPARE(changed.size(), 1); // of b alone
        m_model->applySome({}, {a.alert.id, QStringLiteral("nobody")});
        QCOMPARE(m_model->shownCount(), 2);
        QVERIFY(m_model->find(a.alert.id) == nullptr);
    }

    void viewsAndWords()
    {
        using enum HealthVerdict;
        auto quiet = row("hot", 1, 0, Watch, 5), asleep = row("pcie", 1, 1, Watch, 5),
             ended = row("nvlink", 1, 2, Watch, 50);
        quiet.alert.acknowledgedAt = now - minute;
        asleep.alert.snoozedUntil = Alert::untilChange;
        ended.alert.endedAt = now - 20 * minute;
        ended.alert.times = 3;
        auto open = row("slow", 7, 2, Watch, 2);
        open.jobName = QStringLiteral("llama-sft");
        m_model->apply({quiet, asleep, ended, open});
        QCOMPARE(m_model->count(AlertView::Open), 1);
        QCOMPARE(m_model->count(AlertView::Quiet), 2);
        QCOMPARE(m_model->count(AlertView::Ended), 1);
        for (const char *text : {"llama", "n7 slow", "WATCH", "line of"}) {
            m_model->setText(QString::fromLatin1(text));
            QCOMPARE(m_model->shownCount(), 1);
        }
        m_model->setText(QStringLiteral("n7 hot"));
        QCOMPARE(m_model->shownCount(), 0);
        QCOMPARE(m_model->hiddenCount(), 1);
        m_model->setText({});
        m_model->setView(AlertView::Quiet);
        QCOMPARE(m_model->shownCount(), 2);
        QCOMPARE(m_model->indexOf(asleep.alert.id).data(AlertModel::SaidRole).toString(),
            QStringLiteral("snoozed until it changes"));
        m_model->setView(AlertView::Ended);
        const auto index = m_model->indexOf(ended.alert.id);
        QVERIFY(
            index.data(AlertModel::SaidRole).toString().endsWith(QStringLiteral("came 3 times")));
        QCOMPARE(index.siblingAtColumn(AlertModel::Lasting).data().toString(),
            QStringLiteral("30\u00A0min"));
        QCOMPARE(m_model->worstOf(QStringLiteral("ssh:n1"), QStringLiteral("G2")), nullptr);
        QCOMPARE(m_model->worstOf(QStringLiteral("ssh:n1"), QStringLiteral("G0"))->alert.id,
            quiet.alert.id);
    }

    void sortsBothLevels()
    {
        using enum HealthVerdict;
        m_model->apply(
            {row("hot", 3, 0, Watch, 5), row("hot", 1, 0, Watch, 9), row("pcie", 2, 0, Reboot, 1)});
        m_model->sort(AlertModel::Where, Qt::AscendingOrder);
        QCOMPARE(shown(),
            (QStringList{QStringLiteral("Too hot(2)"), QStringLiteral("+n1 · GPU 0"),
                QStringLiteral("+n3 · GPU 0"), QStringLiteral("PCIe replays n2 · GPU 0")}));
        m_model->sort(AlertModel::Since, Qt::DescendingOrder);
        QCOMPARE(shown().first(), QStringLiteral("PCIe replays n2 · GPU 0"));
        m_model->sort(-1);
        QCOMPARE(shown().first(), QStringLiteral("PCIe replays n2 · GPU 0"));
    }

    void anythingCanFollowAnything()
    {
        QRandomGenerator random(7);
        const char *rules[] = {"hot", "pcie", "nvlink", "slow", "xid-79"};
        for (int step = 0; step < 300; ++step) {
            std::vector<AlertRow> rows;
            const int count = random.bounded(14);
            QSet<QString> seen;
            for (int i = 0; i < count; ++i) {
                auto one = row(
                    rows.size() % 2 ? rules[random.bounded(5)] : rules[random.bounded(2)],
                    random.bounded(3), random.bounded(3), HealthVerdict(1 + random.bounded(3)), 5);
                if (seen.contains(one.alert.id))
                    continue;
                seen.insert(one.alert.id);
                one.alert.acknowledgedAt = random.bounded(4) == 0 ? now : 0;
                rows.push_back(one);
            }
            if (random.bounded(5) == 0)
                m_model->setView(AlertView(random.bounded(2)));
            if (random.bounded(5) == 0)
                m_model->sort(random.bounded(7) - 1, Qt::SortOrder(random.bounded(2)));
            m_model->apply(rows);
            QCOMPARE(m_model->shownCount(), m_model->count(m_model->view()));
        }
    }

    void moments()
    {
        const auto at = [](int day, int hour) {
            return QDateTime(QDate(2026, 11, day), QTime(hour, 41)).toMSecsSinceEpoch();
        };
        QCOMPARE(momentText(at(24, 10), at(24, 19)), QStringLiteral("10:41"));
        QCOMPARE(momentText(at(23, 23), at(24, 1)), QStringLiteral("yesterday 23:41"));
        QVERIFY(momentText(at(21, 10), at(24, 1)).endsWith(QStringLiteral(" 10:41")));
    }
};

QTEST_GUILESS_MAIN(TestAlertModel)
#include "test_alertmodel.moc"
