// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gputest/service.h"
#include "core/jobs/jobservice.h"
#include "core/jobs/ledger.h"
#include "tests/core/jobs/fakelinks.h"
#include "views/acts/actmenu.h"
#include "views/common/emptystate.h"
#include "views/common/textlabel.h"
#include "views/gputest/driftstrip.h"
#include "views/gputest/gputestdialog.h"
#include "views/gputest/gputestmodel.h"
#include "views/theme/theme.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QPushButton>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

namespace {

/// One act, which only notes that it was run.
class OneAct : public ActPort {
public:
    QList<ActInfo> acts() const override
    {
        ActInfo info;
        info.id = QStringLiteral("gpu.check");
        info.title = QStringLiteral("Check this GPU");
        return {info};
    }
    Can can(const QString &, const ActRequest &) const override { return Can::allowed(); }
    bool needsTypedName(const QString &, const ActRequest &) const override { return false; }
    QString preview(const QString &, const ActRequest &) const override { return {}; }
    Task<Result<QJsonObject>> run(Context, QString, ActRequest request) override
    {
        requests << request;
        co_return QJsonObject();
    }
    QList<Activity> activities() const override { return {}; }
    void cancel(const QString &) override { }
    QList<ActRequest> requests;
};

GpuTestResult resultOf(qint64 time, double share, const QByteArray &errors = {})
{
    const auto number = [&](double value) { return QByteArray::number(value * share, 'g', 12); };
    return *parseGpuTest(
        "{\"schema\":\"pilothouse-gputest/1\",\"started_ms\":" + QByteArray::number(time)
        + ",\"verdict\":\"ok\",\"devices\":[{\"uuid\":\"GPU-1\",\"name\":\"NVIDIA H100 80GB HBM3\","
          "\"figures\":{\"device_read_bytes_per_second\":"
        + number(2.9e12) + ",\"h2d_pinned_bytes_per_second\":" + number(5.3e10)
        + ",\"gemm_fp32_flops_per_second\":" + number(4.4e13) + ",\"gemm_bf16_flops_per_second\":"
        + number(5.6e14) + ",\"load_flops_per_second\":" + number(5.2e14)
        + "},\"skipped\":[{\"figure\":\"gemm_fp8_flops_per_second\",\"why\":\"the kernels this "
          "driver takes lack it\"}],\"errors\":["
        + errors
        + "],\"warnings\":[],\"memory\":{\"tested_bytes\":79000000000,\"errors\":0},\"load\":{"
          "\"power_watts\":{\"min\":610,\"mean\":684,\"max\":701},\"sm_clock_mhz\":{\"min\":1410,"
          "\"mean\":1620,\"max\":1980},\"slowed_by\":[\"power_cap\"]}}]}");
}

struct Bench {
    Bench()
    {
        ledger = std::move(*Ledger::openFile(folder.filePath(QStringLiteral("ledger.db"))));
        jobs = std::make_unique<JobService>(std::make_unique<FakeLinks>(), ledger.get());
        tests = std::make_unique<GpuTestService>(jobs.get(),
            std::move(*GpuTestStore::openFile(folder.filePath(QStringLiteral("gputests.db")))));
        menu = new ActMenu(
            &port, [](const QString &id) { return id; }, &window);
        device.uuid = QStringLiteral("GPU-1");
        device.name = QStringLiteral("NVIDIA H100 80GB HBM3");
        dialog = new GpuTestDialog(tests.get(), menu, QStringLiteral("local"), device, &window);
    }
    void add(qint64 time, double share, const QByteArray &errors = {})
    {
        const QString job = QStringLiteral("job%1").arg(time);
        QVERIFY(tests->store().add(resultOf(time, share, errors), job, QStringLiteral("local")));
        Q_EMIT tests->stored(job, QStringLiteral("local"));
    }
    bool says(const QString &text) const
    {
        const auto labels = dialog->findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) {
            return label->isVisibleTo(dialog) && label->text().contains(text);
        });
    }
    QPushButton *button(const QString &text) const
    {
        const auto buttons = dialog->findChildren<QPushButton *>();
        for (auto *one : buttons) {
            if (one->text() == text)
                return one;
        }
        return nullptr;
    }
    QTemporaryDir folder;
    std::unique_ptr<Ledger> ledger;
    std::unique_ptr<JobService> jobs;
    std::unique_ptr<GpuTestService> tests;
    OneAct port;
    QWidget window;
    ActMenu *menu = nullptr;
    Device device;
    GpuTestDialog *dialog = nullptr;
};

} // namespace

class TestGpuTestDialog : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { Theme::install(Scheme::Light); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
    }

    void asksForATest()
    {
        Bench bench;
        bench.dialog->show();
        QVERIFY(bench.says(QStringLiteral("has not been tested yet")));
        bench.button(QStringLiteral("Check this GPU"))->click();
        QTRY_COMPARE(bench.port.requests.size(), 1);
        QCOMPARE(bench.port.requests.first().subject, QStringLiteral("GPU-1"));
        QCOMPARE(bench.port.requests.first().target, QStringLiteral("local"));
        QTRY_VERIFY(bench.says(QStringLiteral("The test is running")));
        bench.add(1'700'000'000'000, 1);
        QVERIFY(!bench.says(QStringLiteral("The test is running")));
        QVERIFY(bench.says(QStringLiteral("No errors were found.")));
    }

    void showsFiguresAndDrift()
    {
        Bench bench;
        auto *model = bench.dialog->findChild<GpuTestModel *>();
        const QAbstractItemModelTester tester(model);
        for (int i = 0; i < 6; ++i)
            bench.add(1'700'000'000'000 + i * 86'400'000LL, 1 - i * 0.002);
        bench.add(1'700'600'000'000, 0.92);
        bench.dialog->show();
        QCOMPARE(model->rowCount(), 6); // five figures and the one that is missing
        const auto cell
            = [&](int row, int column) { return model->index(row, column).data().toString(); };
        QCOMPARE(cell(0, GpuTestModel::Measured), QStringLiteral("2.67 TB/s"));
        QCOMPARE(cell(0, GpuTestModel::Published), QStringLiteral("3.35 TB/s"));
        QCOMPARE(cell(0, GpuTestModel::Share), QStringLiteral("80 %"));
        QCOMPARE(cell(0, GpuTestModel::Baseline), QStringLiteral("2.90 TB/s"));
        QCOMPARE(cell(0, GpuTestModel::Drift), QStringLiteral("-8.0 %, slower"));
        QCOMPARE(cell(1, GpuTestModel::Drift), QStringLiteral("-8.0 %")); // the host's part in it
        QCOMPARE(cell(4, GpuTestModel::Measured), QStringLiteral("not measured"));
        QVERIFY(bench.says(QStringLiteral("slower than this GPU's baseline")));
        QVERIFY(bench.says(QStringLiteral("slowed by power cap")));
        auto *strip = bench.dialog->findChild<DriftStrip *>();
        QVERIFY(strip->accessibleName().startsWith(QStringLiteral("Sustained load over 7")));
        bench.dialog->findChild<QTableView *>()->selectRow(0);
        QVERIFY(strip->accessibleName().startsWith(QStringLiteral("Memory, read over 7")));
        // The last one, for good: nothing is slower than itself.
        auto *make = bench.button(QStringLiteral("Make it the baseline"));
        QVERIFY(make->isEnabled());
        make->click();
        QCOMPARE(cell(0, GpuTestModel::Drift), QStringLiteral("0.0 %"));
        QVERIFY(!make->isEnabled());
        auto *choice = bench.dialog->findChild<QComboBox *>();
        QCOMPARE(choice->count(), 7);
        choice->setCurrentIndex(6);
        QCOMPARE(cell(0, GpuTestModel::Drift), QStringLiteral("+8.7 %"));
    }

    void errorsAreNoBaseline()
    {
        Bench bench;
        bench.add(1'700'000'000'000, 1, "\"Memory: 3 words were not what was written.\"");
        bench.dialog->show();
        QVERIFY(bench.says(QStringLiteral("Memory: 3 words")));
        QVERIFY(!bench.button(QStringLiteral("Make it the baseline"))->isEnabled());
        QCOMPARE(bench.dialog->findChild<GpuTestModel *>()->index(0, GpuTestModel::Baseline).data(),
            QVariant(QStringLiteral("—")));
    }

    void paintsInEveryScheme()
    {
        for (const auto scheme : {Scheme::Dark, Scheme::Light, Scheme::HighContrast}) {
            Theme::instance().setScheme(scheme);
            Bench bench;
            for (int i = 0; i < 6; ++i)
                bench.add(1'700'000'000'000 + i * 86'400'000LL, i == 5 ? 0.92 : 1 - i * 0.002);
            bench.dialog->show();
            const auto strip = bench.dialog->findChild<DriftStrip *>()->grab().toImage();
            QSet<QRgb> colors;
            for (int y = 0; y < strip.height(); ++y) {
                for (int x = 0; x < strip.width(); ++x)
                    colors.insert(strip.pixel(x, y));
            }
            QVERIFY(colors.size() > 3); // background, baseline, curve
            const QString folder = qEnvironmentVariable("PILOTHOUSE_PICTURES");
            if (!folder.isEmpty())
                bench.dialog->grab().save(
                    QStringLiteral("%1/gputest-%2.png").arg(folder).arg(int(scheme)));
        }
    }
};

QTEST_MAIN(TestGpuTestDialog)
#include "test_gputestdialog.moc"
