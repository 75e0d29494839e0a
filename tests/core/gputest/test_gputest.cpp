// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gputest/comparison.h"
#include "core/gputest/service.h"
#include "core/jobs/jobservice.h"
#include "core/jobs/ledger.h"
#include "tests/core/jobs/fakelinks.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

namespace {

/// A result of one device as the program prints it.
QByteArray resultLine(
    qint64 time, double flops, const QByteArray &errors = {}, const QByteArray &uuid = "GPU-1")
{
    return "{\"schema\":\"pilothouse-gputest/1\",\"started_ms\":" + QByteArray::number(time)
        + ",\"verdict\":\"ok\",\"devices\":[{\"uuid\":\"" + uuid
        + "\",\"name\":\"NVIDIA H100 80GB HBM3\",\"figures\":{\"gemm_bf16_flops_per_second\":"
        + QByteArray::number(flops, 'g', 12)
        + ",\"h2d_pinned_bytes_per_second\":5e10},\"skipped\":[{\"figure\":"
          "\"gemm_fp8_flops_per_second\",\"why\":\"needs a newer driver\"}],\"errors\":["
        + errors
        + "],\"warnings\":[],\"memory\":{\"tested_bytes\":80000000000,\"errors\":0},\"load\":{"
          "\"power_watts\":{\"min\":600,\"mean\":690,\"max\":701},\"slowed_by\":[\"power_cap\"]}}]"
          "}";
}

GpuTestResult resultOf(const QByteArray &line)
{
    const auto result = parseGpuTest(line);
    return result ? *result : GpuTestResult();
}

} // namespace

class TestGpuTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    int m_count = 0;
    GpuTestStore freshStore()
    {
        return std::move(
            *GpuTestStore::openFile(m_folder.filePath(QStringLiteral("%1.db").arg(++m_count))));
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void readsAResult();
    void refusesWhatIsNone();
    void findsTheLastWholeLine();
    void knowsTheCards_data();
    void knowsTheCards();
    void tellsWhatIsSlower();
    void formatsFigures();
    void linksAreRowsOfTheirDevice();
    void firstGoodTestIsTheBaseline();
    void whatFailsOnTheHostIsNoGoodTest();
    void survivesDamagedRows();
    void takesResultsOfEndedJobs();
    void remembersThatThereIsNone();
};

void TestGpuTest::readsAResult()
{
    const auto result = resultOf(resultLine(1'700'000'000'000, 6.1e14));
    QCOMPARE(result.devices.size(), 1);
    const auto &device = result.devices.first();
    QCOMPARE(device.figures.value(QStringLiteral("gemm_bf16_flops_per_second")), 6.1e14);
    QCOMPARE(device.skipped.value(QStringLiteral("gemm_fp8_flops_per_second")),
        QStringLiteral("needs a newer driver"));
    QCOMPARE(device.memoryTestedBytes, 80'000'000'000);
    QCOMPARE(device.load.value(QStringLiteral("power_watts")).mean, 690.0);
    QCOMPARE(device.slowedBy, QStringList{QStringLiteral("power_cap")});
    QCOMPARE(result.startedMs, 1'700'000'000'000);
}

void TestGpuTest::refusesWhatIsNone()
{
    for (const QByteArray &wrong : {QByteArray(), QByteArray("{}"), QByteArray("[1]"),
             QByteArray("{\"schema\":7}"), QByteArray("{\"schema\":\"pilothouse-gputest/2\"}"),
             QByteArray(5 * 1024 * 1024, ' ')}) {
        const auto result = parseGpuTest(wrong);
        QVERIFY(!result);
        QVERIFY(result.error().kind == ErrorKind::BadReply);
    }
    // Odd values are left out, and a prefix of a result never harms.
    const auto odd = resultOf(
        "{\"schema\":\"pilothouse-gputest/1\",\"devices\":[{\"uuid\":5},7,{\"uuid\":\"GPU-2\","
        "\"figures\":{\"a\":-1,\"b\":\"x\",\"d\":2},\"errors\":[1,null,\"x\"]}]}");
    QCOMPARE(odd.devices.size(), 1);
    QCOMPARE(odd.devices.first().figures.size(), 1);
    QCOMPARE(odd.devices.first().errors, QStringList{QStringLiteral("x")});
    const QByteArray whole = resultLine(1, 1);
    for (qsizetype i = 0; i < whole.size(); ++i)
        QVERIFY(!parseGpuTest(whole.left(i)));
}

void TestGpuTest::findsTheLastWholeLine()
{
    const QByteArray first = resultLine(1, 1), second = resultLine(2, 1);
    QVERIFY(!gpuTestResultIn({}));
    QVERIFY(!gpuTestResultIn("  0 %  NVIDIA H100\n"));
    QVERIFY(!gpuTestResultIn(first)); // cut off
    QVERIFY(!gpuTestResultIn("said: " + first + '\n'));
    QCOMPARE(*gpuTestResultIn(first + '\n'), first);
    QCOMPARE(*gpuTestResultIn("x\n" + first + "\n100 %\n" + second + "\nok\n"), second);
    QCOMPARE(*gpuTestResultIn("x\n" + first + '\n' + second.left(40)), first);
}

void TestGpuTest::knowsTheCards_data()
{
    QTest::addColumn<QString>("title");
    const std::pair<const char *, const char *> cards[] = {{"NVIDIA H100 80GB HBM3", "H100 SXM"},
        {"NVIDIA H100 PCIe", "H100 PCIe"}, {"NVIDIA H200", "H200 SXM"},
        {"NVIDIA A100-SXM4-40GB", "A100 40 GB SXM"}, {"A100-PCIE-40GB", "A100 40 GB PCIe"},
        {"NVIDIA A100-SXM4-80GB", "A100 80 GB SXM"}, {"NVIDIA A100 80GB PCIe", "A100 80 GB PCIe"},
        {"NVIDIA L40S", "L40S"}, {"NVIDIA L4", "L4"}, {"NVIDIA A10", "A10"},
        {"Tesla V100-SXM2-16GB", "V100 SXM2"}, {"Tesla V100-PCIE-32GB", "V100 PCIe"},
        {"Tesla T4", "T4"}, {"NVIDIA GeForce RTX 4090", "RTX 4090"},
        {"NVIDIA GeForce RTX 3090", "RTX 3090"}, {"NVIDIA B200", "B200 SXM"},
        {"NVIDIA GeForce RTX 4090 D", ""}, {"NVIDIA GeForce RTX 3090 Ti", ""}, {"NVIDIA L40", ""},
        {"NVIDIA A10G", ""}, {"NVIDIA H200 NVL", ""}, {"", ""}};
    for (const auto &[name, title] : cards)
        QTest::newRow(name) << QString::fromLatin1(title);
}

void TestGpuTest::knowsTheCards()
{
    QFETCH(QString, title);
    const auto sheet = datasheetOf(QString::fromLatin1(QTest::currentDataTag()));
    QCOMPARE(sheet.has_value(), !title.isEmpty());
    if (!sheet)
        return;
    QCOMPARE(sheet->title, title);
    QVERIFY(!sheet->source.isEmpty());
    const auto figure = [&](const char *name) { return sheet->figures.value(QLatin1String(name)); };
    QVERIFY(figure("device_read_bytes_per_second") >= 3e11);
    QVERIFY(figure("h2d_pinned_bytes_per_second") >= 1.6e10);
    QVERIFY(figure("gemm_fp32_flops_per_second") >= 8e12);
    QVERIFY(figure("gemm_fp16_flops_per_second") > figure("gemm_fp32_flops_per_second"));
    QVERIFY(sheet->watts >= 70);
}

void TestGpuTest::tellsWhatIsSlower()
{
    auto device = resultOf(resultLine(1, 9e14)).devices.first();
    auto baseline = resultOf(resultLine(1, 9.6e14)).devices.first();
    baseline.figures.insert(QStringLiteral("gemm_fp32_flops_per_second"), 4e13);
    const auto rows = compareGpuTest(device, datasheetOf(device.name), baseline);
    QStringList titles;
    for (const auto &row : rows)
        titles << row.figure.section(QLatin1Char('_'), 0, 1);
    // In the order of the test; what the baseline had and what is missing with a reason, too.
    QCOMPARE(
        titles.join(QLatin1Char(' ')), QStringLiteral("h2d_pinned gemm_fp32 gemm_bf16 gemm_fp8"));
    QVERIFY(!rows[0].slower());
    QVERIFY(!rows[1].value && !rows[1].slower());
    QVERIFY(rows[2].slower()); // by 6 %
    QCOMPARE(*rows[2].published, 9.894e14);
    QVERIFY(std::abs(*rows[2].share() - 0.9096) < 1e-3);
    QCOMPARE(rows[3].skipped, QStringLiteral("needs a newer driver"));
    // What the host has to do with may vary more.
    device.figures.insert(QStringLiteral("h2d_pinned_bytes_per_second"), 4.1e10);
    QVERIFY(!compareGpuTest(device, {}, baseline).first().slower());
    device.figures.insert(QStringLiteral("h2d_pinned_bytes_per_second"), 3.9e10);
    QVERIFY(compareGpuTest(device, {}, baseline).first().slower());
    QVERIFY(!compareGpuTest(device, {}, {}).first().drift());
}

void TestGpuTest::formatsFigures()
{
    QCOMPARE(formatGpuTestFigure(3.35e12, true), QStringLiteral("3.35 TB/s"));
    QCOMPARE(formatGpuTestFigure(9.894e14, false), QStringLiteral("989.4 TFLOPS"));
    QCOMPARE(formatGpuTestFigure(1.979e15, false), QStringLiteral("1979 TFLOPS"));
    QCOMPARE(formatGpuTestFigure(std::nullopt, true), QStringLiteral("—"));
}

/// Each way to another GPU is a row of the device that it starts from, also of a stored run.
void TestGpuTest::linksAreRowsOfTheirDevice()
{
    const auto between = [](double speed) {
        const auto way = [](const char *from, const char *to, const QByteArray &rest) {
            return QByteArray("{\"from\":\"") + from + "\",\"to\":\"" + to + "\"," + rest + '}';
        };
        return ",\"peers\":["
            + way("GPU-1", "GPU-2",
                "\"direct\":true,\"bytes_per_second\":" + QByteArray::number(speed))
            + ',' + way("GPU-2", "GPU-1", "\"direct\":true,\"bytes_per_second\":3e11") + ','
            + way("GPU-1", "GPU-3", "\"direct\":false,\"trouble\":\"no memory\"") + "]}";
    };
    auto store = freshStore();
    int job = 0;
    for (const double speed : {4.5e11, 4.0e11}) {
        auto line = resultLine(1000 + job, 6e14);
        line.chop(1);
        const auto result = resultOf(line + between(speed));
        QCOMPARE(result.devices.first().links.size(), 2);
        QVERIFY(store.add(result, QString::number(++job), QStringLiteral("lab")));
    }
    const auto runs = store.runs(QStringLiteral("GPU-1"));
    const auto baseline = store.baseline(QStringLiteral("GPU-1"));
    QVERIFY(runs && baseline && *baseline);
    const auto rows = compareGpuTest(runs->first().result, std::nullopt, (*baseline)->result);
    QCOMPARE(rows.size(), 5); // bf16, host to GPU, fp8 that was skipped, two links
    QCOMPARE(rows[3].title, QStringLiteral("To GPU-2, direct"));
    QCOMPARE(*rows[3].value, 4.0e11);
    QCOMPARE(*rows[3].baseline, 4.5e11);
    QVERIFY(rows[3].slower());
    QCOMPARE(rows[4].title, QStringLiteral("To GPU-3, through the host"));
    QVERIFY(!rows[4].value);
    QCOMPARE(rows[4].skipped, QStringLiteral("no memory"));
}

void TestGpuTest::firstGoodTestIsTheBaseline()
{
    auto store = freshStore();
    const QString device = QStringLiteral("GPU-1"), lab = QStringLiteral("ssh:lab");
    QVERIFY(!*store.baseline(device));
    QVERIFY(store.add(resultOf(resultLine(100, 5e14, "\"broken\"")), QStringLiteral("a"), lab));
    QVERIFY(!*store.baseline(device)); // it had errors
    QVERIFY(store.add(resultOf(resultLine(300, 6e14)), QStringLiteral("c"), lab));
    QVERIFY(store.add(resultOf(resultLine(200, 7e14)), QStringLiteral("b"), lab));
    QVERIFY(store.add(resultOf(resultLine(999, 1e14)), QStringLiteral("b"), lab)); // again
    QVERIFY(store.knows(QStringLiteral("b")) && !store.knows(QStringLiteral("d")));
    const auto runs = *store.runs(device);
    QCOMPARE(runs.size(), 3);
    QCOMPARE(runs[0].time, 300);
    QCOMPARE(runs[2].verdict, QStringLiteral("errors"));
    QCOMPARE((*store.baseline(device))->job, QStringLiteral("c"));
    QVERIFY(store.setBaseline(runs[1].id));
    const auto chosen = *store.baseline(device);
    QCOMPARE(chosen->job, QStringLiteral("b"));
    QCOMPARE(chosen->result.figures.value(QStringLiteral("gemm_bf16_flops_per_second")), 7e14);
    QVERIFY(store.setBaseline(4711)); // is not there: nothing changes
    QCOMPARE((*store.baseline(device))->job, QStringLiteral("b"));
    QCOMPARE(*store.devices(lab), QStringList{device});
    QVERIFY(store.devices(QStringLiteral("local"))->isEmpty());
}

/// A driver that hangs is an error of the host: nobody knows which device it was.
void TestGpuTest::whatFailsOnTheHostIsNoGoodTest()
{
    auto store = freshStore();
    auto result = resultOf(resultLine(100, 5e14));
    const QString device = result.devices.first().uuid, local = QStringLiteral("local");
    result.errors = QStringList{QStringLiteral("the driver hangs")};
    QVERIFY(store.add(result, QStringLiteral("a"), local));
    const auto runs = *store.runs(device);
    QCOMPARE(runs.size(), 1);
    QCOMPARE(runs.first().verdict, QStringLiteral("errors"));
    QCOMPARE(runs.first().result.errors, result.errors);
    QVERIFY(!*store.baseline(device));
    auto cut = resultOf(resultLine(200, 5e14));
    cut.verdict = QStringLiteral("unfinished");
    QVERIFY(store.add(cut, QStringLiteral("b"), local));
    QVERIFY(!*store.baseline(device));
}

void TestGpuTest::survivesDamagedRows()
{
    const QString file = m_folder.filePath(QStringLiteral("damaged.db"));
    {
        auto store = std::move(*GpuTestStore::openFile(file));
        QVERIFY(
            store.add(resultOf(resultLine(1, 1)), QStringLiteral("a"), QStringLiteral("local")));
    }
    {
        auto raw
            = sqlite::Database::open(file, sqlite::Synchronous::Normal, QStringList{QString()});
        QVERIFY(raw);
        QVERIFY(raw->execute(QStringLiteral("UPDATE runs SET json = x'7b22ff'")));
    }
    auto store = std::move(*GpuTestStore::openFile(file));
    const auto runs = store.runs(QStringLiteral("GPU-1"));
    QVERIFY(runs && runs->size() == 1);
    QVERIFY(runs->first().result.figures.isEmpty());
}

void TestGpuTest::takesResultsOfEndedJobs()
{
    const auto ledger
        = std::move(*Ledger::openFile(m_folder.filePath(QStringLiteral("ledger.db"))));
    auto owned = std::make_unique<FakeLinks>();
    auto *links = owned.get();
    JobService jobs(std::move(owned), ledger.get());
    GpuTestService tests(&jobs, freshStore());
    QSignalSpy stored(&tests, &GpuTestService::stored);
    const auto node = FakeNode::make();
    links->connectTo(node);
    const auto launched = QCoro::waitFor(jobs.launch(Context(), PermitForTests::make(),
        QStringLiteral("ssh:lab"), gpuTestSpec(1, {QStringLiteral("GPU-1")}, 30)));
    QVERIFY(launched);
    QCOMPARE(launched->spec.gpuUuids, QStringList{QStringLiteral("GPU-1")});
    QCOMPARE(launched->spec.gpus, 0);
    node->appendLog(launched->id, "  0 %  memory\n" + resultLine(5, 6e14) + "\nok\n");
    QVERIFY(!tests.store().knows(launched->id)); // it runs
    node->endJob(launched->id, JobState::Succeeded, 0);
    QTRY_COMPARE(stored.size(), 1);
    QCOMPARE(stored.first().value(1).toString(), QStringLiteral("ssh:lab"));
    QCOMPARE(tests.store().runs(QStringLiteral("GPU-1"))->size(), 1);
    const auto again = QCoro::waitFor(tests.collect(Context(), launched->id));
    QVERIFY(again && again->devices.size() == 1);
    QCOMPARE(tests.store().runs(QStringLiteral("GPU-1"))->size(), 1);
    links->lose();
    const auto unreachable = QCoro::waitFor(tests.collect(Context(), launched->id));
    QVERIFY(!unreachable && unreachable.error().kind == ErrorKind::Unreachable);
}

void TestGpuTest::remembersThatThereIsNone()
{
    const auto ledger
        = std::move(*Ledger::openFile(m_folder.filePath(QStringLiteral("ledger2.db"))));
    auto owned = std::make_unique<FakeLinks>();
    auto *links = owned.get();
    JobService jobs(std::move(owned), ledger.get());
    GpuTestService tests(&jobs, freshStore());
    const auto node = FakeNode::make();
    links->connectTo(node);
    const auto launched = QCoro::waitFor(jobs.launch(
        Context(), PermitForTests::make(), QStringLiteral("ssh:lab"), gpuTestSpec(2, {}, 30)));
    QVERIFY(launched);
    node->appendLog(launched->id, "Killed\n");
    node->endJob(launched->id, JobState::Failed, 137);
    QTRY_VERIFY(tests.store().knows(launched->id));
    const auto none = QCoro::waitFor(tests.collect(Context(), launched->id));
    QVERIFY(!none && none.error().kind == ErrorKind::NotFound);
    QVERIFY(none.error().cause.contains(QLatin1String("Killed")));
}

QTEST_GUILESS_MAIN(TestGpuTest)
#include "test_gputest.moc"
