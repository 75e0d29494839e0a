// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/models/inventorymodel.h"
#include "core/models/targetmodel.h"

#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTest>

using namespace pilothouse;

static constexpr qint64 now = 1'000'000'000;

static TargetStatus target(const QString &name, const QString &group = {}, bool favourite = false)
{
    TargetStatus status;
    status.target.id = QStringLiteral("ssh:") + name;
    status.target.name = name;
    status.target.group = group;
    status.target.favourite = favourite;
    return status;
}

class TestInventoryModel : public QObject {
    Q_OBJECT

    InventoryModel *m_model = nullptr;

    QStringList shown() const
    {
        QStringList all;
        for (int i = 0; i < m_model->rowCount(); ++i) {
            const auto section = m_model->index(i, 0);
            all << section.data().toString().toUpper();
            for (int row = 0; row < m_model->rowCount(section); ++row)
                all << m_model->index(row, 0, section).data().toString();
        }
        return all;
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_model = new InventoryModel([] { return now; }, this);
        new QAbstractItemModelTester(
            m_model, QAbstractItemModelTester::FailureReportingMode::QtTest, m_model);
    }
    void cleanup() { delete m_model; }

    void sections()
    {
        auto manual = target("m");
        manual.target.kind = TargetKind::SshManual;
        auto local = target("here");
        local.target.kind = TargetKind::Local;
        m_model->apply(
            {local, target("z"), target("a", "Berlin"), manual, target("f", "Berlin", true)});
        QCOMPARE(shown(),
            (QStringList{
                "FAVOURITES", "here", "f", "BERLIN", "a", "ADDED HERE", "m", "SSH ALIASES", "z"}));
        QVERIFY(m_model->index(0, 0).data(InventoryModel::SectionRole).toBool());
        QVERIFY(!(m_model->index(0, 0).flags() & Qt::ItemIsSelectable));
    }

    void mergesWithoutReset()
    {
        m_model->apply({target("a"), target("b"), target("c")});
        QSignalSpy resets(m_model, &QAbstractItemModel::modelReset);
        const QPersistentModelIndex kept = m_model->indexOf("ssh:c");
        m_model->apply({target("x"), target("c"), target("a"), target("n", "New")});
        QCOMPARE(shown(), (QStringList{"NEW", "n", "SSH ALIASES", "x", "c", "a"}));
        QCOMPARE(resets.count(), 0);
        QVERIFY(kept.isValid());
        QCOMPARE(kept.data().toString(), "c");
        m_model->apply({});
        QCOMPARE(m_model->rowCount(), 0);
        QVERIFY(!kept.isValid());
    }

    void aTargetChangesItsSection()
    {
        m_model->apply({target("a"), target("b")});
        m_model->apply({target("a", {}, true), target("b")});
        QCOMPARE(shown(), (QStringList{"FAVOURITES", "a", "SSH ALIASES", "b"}));
    }

    void filterHides()
    {
        m_model->apply({target("gpu-1"), target("gpu-2", "Berlin"), target("cpu")});
        m_model->setFilter("gpu ber");
        QCOMPARE(shown(), (QStringList{"BERLIN", "gpu-2"}));
        QCOMPARE(m_model->hiddenCount(), 2);
        m_model->setFilter("");
        QCOMPARE(m_model->hiddenCount(), 0);
    }

    void details()
    {
        auto status = target("a");
        const auto detail = [&] { return targetDetail(status, now); };
        QCOMPARE(detail(), "not opened");
        status.state = TargetState::Connected;
        QCOMPARE(detail(), "live");
        status.cpus = 64;
        QCOMPARE(detail(), "64 cores");
        status.gpus = 8;
        QCOMPARE(detail(), "8 GPU");
        status.state = TargetState::Stale;
        status.seenAt = now - 240'000;
        QCOMPARE(detail(), "stale 4 min");
        status.state = TargetState::Failed;
        QCOMPARE(detail(), "failed");
    }

    void agesAreTold()
    {
        m_model->apply({target("a")});
        QSignalSpy changes(m_model, &QAbstractItemModel::dataChanged);
        m_model->refreshAges();
        QCOMPARE(changes.count(), 1);
    }

    void targetTable()
    {
        TargetModel table([] { return now; });
        QAbstractItemModelTester tester(
            &table, QAbstractItemModelTester::FailureReportingMode::QtTest);
        auto seen = target("b");
        seen.seenAt = now - 5000;
        seen.state = TargetState::Connected;
        table.apply({target("c"), seen, target("a")});
        table.sort(TargetModel::Name, Qt::AscendingOrder);
        QCOMPARE(table.index(0, TargetModel::Name).data().toString(), "a");
        QCOMPARE(table.index(1, TargetModel::Seen).data().toString(), "5 s");
        QCOMPARE(table.index(0, TargetModel::Seen).data().toString(), QStringLiteral("–"));
        QVERIFY(!table.index(0, TargetModel::Seen).data(Qt::ToolTipRole).toString().isEmpty());
        table.setText("live");
        QCOMPARE(table.rowCount(), 1);
        QCOMPARE(table.hiddenCount(), 2);
    }
};

QTEST_GUILESS_MAIN(TestInventoryModel)
#include "test_inventorymodel.moc"
