// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// The real program on the fake driver, which runs the kernels on the CPU and plants faults.
#include <QFloat16> // complete before a JSON value is compared with anything

#include "tests/agents/gputest/schemacheck.h"
#include "tests/support/fakecuda/image.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using nlohmann::json;
using namespace pilothouse;

namespace {

struct Run {
    int code = -1;
    json result;
    QString said;
};

constexpr const char *first = "GPU-51370000-0000-4000-8000-000000000000";
constexpr const char *second = "GPU-51370001-0000-4000-8000-000000000000";

} // namespace

class TestGputestProgram : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void saysThatThereIsNoDriver();
    void saysThatThereIsNoDevice();
    void refusesWhatItDoesNotKnow();
    void modulesAreComplete_data();
    void modulesAreComplete();
    void figuresAreThePlantedOnes();
    void findsAStuckBit();
    void findsWrongProducts();
    void oneDeviceFailsTheOtherGoesOn();
    void onlyTheNamedDevice();
    void takesWhatTheDriverTakes();
    void tellsOfADriverThatHangs();
    void watchesThroughNvml();
    void tellsOfErrorsTheDriverCounts();

private:
    Run run(const QByteArray &scenario, const QStringList &arguments, const QByteArray &nvml = {});
    QTemporaryDir m_folder;
    json m_schema;
};

void TestGputestProgram::initTestCase()
{
    QFile schema(QStringLiteral(PILOTHOUSE_SOURCE "/agents/gputest/result.schema.json"));
    QVERIFY(schema.open(QFile::ReadOnly));
    m_schema = json::parse(schema.readAll().toStdString());
}

Run TestGputestProgram::run(
    const QByteArray &scenario, const QStringList &arguments, const QByteArray &nvml)
{
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    const auto given = [&](const char *name, const QByteArray &text) {
        QFile file(m_folder.filePath(QString::fromLatin1(name)));
        if (file.open(QFile::WriteOnly | QFile::Truncate))
            file.write(text);
        environment.insert(QString::fromLatin1(name), file.fileName());
    };
    given("PILOTHOUSE_CUDA_SCENARIO", scenario);
    given("PILOTHOUSE_NVML_SCENARIO", nvml);
    QStringList folders;
    if (!scenario.isEmpty())
        folders << QStringLiteral(PILOTHOUSE_FAKE_CUDA);
    if (!nvml.isEmpty())
        folders << QStringLiteral(PILOTHOUSE_FAKE_NVML);
    environment.insert(QStringLiteral("LD_LIBRARY_PATH"), folders.join(QLatin1Char(':')));
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(PILOTHOUSE_GPUTEST), arguments);
    Run run;
    if (!process.waitForFinished(110000))
        return run;
    run.code = process.exitCode();
    run.said = QString::fromUtf8(process.readAllStandardError());
    const auto out = process.readAllStandardOutput();
    if (out.startsWith(QByteArray("{"))) {
        run.result = json::parse(out.toStdString());
        const auto problem = schemaProblem(m_schema, m_schema, run.result);
        if (!problem.empty())
            QTest::qFail(problem.c_str(), __FILE__, __LINE__);
    }
    return run;
}

void TestGputestProgram::saysThatThereIsNoDriver()
{
    const auto result = run({}, {});
    QCOMPARE(result.code, 3);
    QCOMPARE(result.result["verdict"].get<std::string>(), std::string("no CUDA device"));
    QVERIFY(result.said.contains(QLatin1String("no CUDA device")));
}

void TestGputestProgram::saysThatThereIsNoDevice()
{
    for (const auto *scenario : {"devices none", "devices 0"}) {
        const auto result = run(scenario, {});
        QCOMPARE(result.code, 3);
        QVERIFY(!result.result["trouble"].get<std::string>().empty());
    }
    const auto other = run(
        "devices 1", QStringList{QStringLiteral("--devices"), QStringLiteral("GPU-not-there")});
    QCOMPARE(other.code, 3);
    QVERIFY(other.said.contains(QLatin1String("there is no device GPU-not-there")));
}

void TestGputestProgram::refusesWhatItDoesNotKnow()
{
    for (const auto *wrong : {"--second=5", "--seconds=1", "--seconds=x", "--devices=", "5"}) {
        const auto result = run({}, {QString::fromLatin1(wrong)});
        QCOMPARE(result.code, 2);
        QVERIFY(result.said.contains(QLatin1String("usage:")));
        QVERIFY(result.result.is_null());
    }
    QCOMPARE(run({}, {QStringLiteral("--help")}).code, 0);
}

void TestGputestProgram::modulesAreComplete_data()
{
    QTest::addColumn<QString>("file");
    const auto files = QDir(QStringLiteral(PILOTHOUSE_GPUTEST_MODULES)).entryList(QDir::Files);
    QVERIFY(files.size() >= 8);
    for (const auto &file : files)
        QTest::newRow(qPrintable(file)) << file;
}

void TestGputestProgram::modulesAreComplete()
{
    QFETCH(QString, file);
    QFile opened(QStringLiteral(PILOTHOUSE_GPUTEST_MODULES "/") + file);
    QVERIFY(opened.open(QFile::ReadOnly));
    const QByteArray bytes = opened.readAll();
    const auto image = fakecuda::readImage(bytes.constData());
    QCOMPARE(QString::fromStdString(image.name()), file.section(QLatin1Char('-'), 0, 0));
    std::set<std::string> expected{"stream_copy", "stream_read", "stream_write", "operand_fill",
        "pattern_write", "pattern_check", "product_weights", "product_check", "result_compare",
        "gemm_fp32"};
    if (image.architecture >= 75)
        expected.insert("gemm_fp16");
    if (image.architecture >= 80)
        expected.insert({"gemm_bf16", "gemm_tf32"});
    if (image.architecture >= 89 && !file.contains(QLatin1String("-12.2")))
        expected.insert("gemm_fp8");
    QVERIFY(image.kernels == expected);
    if (!image.cubin)
        QVERIFY(bytes.endsWith('\0'));
}

void TestGputestProgram::figuresAreThePlantedOnes()
{
    const auto result = run("devices 2\ndevice 1 flops 3e10\ndevice 1 bandwidth 2e9\n"
                            "device 1 h2d 5e8\ndevice 1 d2h 4e8\ndevice 0 peer 3e8\n",
        {QStringLiteral("--seconds=4")});
    QCOMPARE(result.code, 0);
    QCOMPARE(result.result["verdict"].get<std::string>(), std::string("ok"));
    QVERIFY(result.result["simulated"].get<bool>());
    const json &device = result.result["devices"][1];
    QCOMPARE(device["uuid"].get<std::string>(), std::string(second));
    QCOMPARE(device["compute"].get<std::string>(), std::string("9.0"));
    const json &figures = device["figures"];
    const auto near = [&](const char *name, double planted) {
        // The clock's steps are those of a float of milliseconds.
        return std::abs(figures[name].get<double>() - planted) < 0.01 * planted;
    };
    for (const auto *name : {"device_read_bytes_per_second", "device_write_bytes_per_second",
             "device_copy_bytes_per_second"})
        QVERIFY2(near(name, 2e9), name);
    QVERIFY(near("h2d_pinned_bytes_per_second", 5e8));
    QVERIFY(near("d2h_pinned_bytes_per_second", 4e8));
    for (const auto *name :
        {"gemm_fp32_flops_per_second", "gemm_tf32_flops_per_second", "gemm_bf16_flops_per_second",
            "gemm_fp16_flops_per_second", "gemm_fp8_flops_per_second", "load_flops_per_second"})
        QVERIFY2(near(name, 3e10), name);
    const json &peers = result.result["peers"];
    QCOMPARE(peers.size(), std::size_t(2));
    QCOMPARE(peers[0]["from"].get<std::string>(), std::string(first));
    QVERIFY(std::abs(peers[0]["bytes_per_second"].get<double>() - 3e8) < 3e6);
    QVERIFY(device["memory"]["tested_bytes"].get<double>() > 0.9 * 1048576);
    QCOMPARE(device["memory"]["errors"].get<int>(), 0);
    QVERIFY(result.said.contains(QLatin1String("100 %")));
}

void TestGputestProgram::findsAStuckBit()
{
    // Far behind what the other steps use.
    const auto result
        = run("devices 1\ndevice 0 stuck 917509 6\n", {QStringLiteral("--seconds=2")});
    QCOMPARE(result.code, 1);
    const json &memory = result.result["devices"][0]["memory"];
    QVERIFY(memory["errors"].get<int>() > 0);
    for (const json &fault : memory["first"]) {
        // Byte 5 of a word, bit 6.
        QCOMPARE(fault["bits"].get<std::string>(), std::string("0x0000400000000000"));
        QCOMPARE(fault["offset"].get<long>(), 917504L);
        QCOMPARE(
            fault["address"].get<std::string>(), memory["first"][0]["address"].get<std::string>());
    }
    QCOMPARE(result.result["devices"][0]["errors"].size(), std::size_t(1));
    QVERIFY(result.said.contains(QLatin1String("ERROR: Memory")));
}

void TestGputestProgram::findsWrongProducts()
{
    const auto always = run("devices 1\ndevice 0 wrong 1\n", {QStringLiteral("--seconds=2")});
    QCOMPARE(always.code, 1);
    const json &wrong = always.result["devices"][0]["wrong_products"];
    QCOMPARE(wrong.size(), std::size_t(5)); // of every format
    QCOMPARE(wrong[0]["rows"].get<int>(), 1);
    QCOMPARE(wrong[0]["first"]["column"].get<int>(), 17);
    // The load compares with its own first product; the fake's clock makes every run alike, so
    // which one that is can be counted.
    const auto log = m_folder.filePath(QStringLiteral("log"));
    QCOMPARE(run("devices 1\nlog " + log.toUtf8() + '\n', {QStringLiteral("--seconds=2")}).code, 0);
    QFile file(log);
    QVERIFY(file.open(QFile::ReadOnly));
    const auto words = file.readAll().split('\n');
    const auto load = words.lastIndexOf("pattern_check");
    const auto before = std::count_if(words.begin(), words.begin() + load,
        [](const QByteArray &word) { return word.startsWith("gemm_"); });
    const auto later
        = run("devices 1\ndevice 0 wrong " + QByteArray::number(qint64(before) + 2) + '\n',
            {QStringLiteral("--seconds=2")});
    QCOMPARE(later.code, 1);
    QVERIFY(!later.result["devices"][0].contains("wrong_products"));
    QVERIFY(later.result["devices"][0]["load"]["wrong_elements"].get<int>() > 0);
}

void TestGputestProgram::oneDeviceFailsTheOtherGoesOn()
{
    const auto result = run("devices 2\ndevice 0 fail 719 30\n", {QStringLiteral("--seconds=2")});
    QCOMPARE(result.code, 1);
    const json &devices = result.result["devices"];
    QVERIFY(devices[0]["errors"][0].get<std::string>().find("(719)") != std::string::npos);
    QVERIFY(devices[1]["errors"].empty());
    QVERIFY(devices[1]["figures"].contains("load_flops_per_second"));
}

void TestGputestProgram::onlyTheNamedDevice()
{
    const auto result = run("devices 2\n",
        QStringList{QStringLiteral("--seconds=2"), QStringLiteral("--devices"),
            QString::fromLatin1(second).left(14)});
    QCOMPARE(result.code, 0);
    QCOMPARE(result.result["devices"].size(), std::size_t(1));
    QCOMPARE(result.result["devices"][0]["uuid"].get<std::string>(), std::string(second));
    QVERIFY(result.result["peers"].empty());
}

void TestGputestProgram::takesWhatTheDriverTakes()
{
    const auto result = run("devices 2\ndevice 0 compute 75\ndevice 1 compute 87\n"
                            "device 1 refuse sm_86\ndevice 1 refuse sm_80\n",
        {QStringLiteral("--seconds=2")});
    QCOMPARE(result.code, 0);
    const json &devices = result.result["devices"];
    QVERIFY(devices[0]["module"].get<std::string>().starts_with("sm_75-"));
    QVERIFY(devices[1]["module"].get<std::string>().starts_with("compute_80-"));
    QVERIFY(devices[0]["figures"].contains("gemm_fp16_flops_per_second"));
    QVERIFY(!devices[0]["figures"].contains("gemm_bf16_flops_per_second"));
    QCOMPARE(devices[0]["skipped"].size(), std::size_t(3));
    QVERIFY(devices[1]["figures"].contains("gemm_tf32_flops_per_second"));
    const auto old = run("devices 1\ndevice 0 compute 61\n", {QStringLiteral("--seconds=2")});
    QCOMPARE(old.code, 1);
    QVERIFY(old.said.contains(QLatin1String("older than 7.0")));
}

void TestGputestProgram::tellsOfADriverThatHangs()
{
    const auto result = run("devices 1\ndevice 0 hang 25\n",
        QStringList{QStringLiteral("--seconds=2"), QStringLiteral("--patience=1")});
    QCOMPARE(result.code, 1);
    QVERIFY(result.said.contains(QLatin1String("The driver did not answer in time")));
    QCOMPARE(result.result["devices"].size(), std::size_t(1));
}

void TestGputestProgram::watchesThroughNvml()
{
    const auto result = run("devices 1\n", {QStringLiteral("--seconds=2")},
        QByteArray("gpus 1\ngpu 0 uuid ") + first
            + "\ngpu 0 sm_clock 1980\ngpu 0 power 640\ngpu 0 temperature 71\n"
              "gpu 0 throttle 100\ngpu 0 pcie_generation 5\ngpu 0 pcie_width 16\n");
    const json &device = result.result["devices"][0];
    QCOMPARE(device["load"]["sm_clock_mhz"]["mean"].get<double>(), 1980.0);
    QCOMPARE(device["load"]["power_watts"]["max"].get<double>(), 640.0);
    QCOMPARE(device["load"]["temperature_celsius"]["min"].get<double>(), 71.0);
    QCOMPARE(
        device["load"]["slowed_by"], json({"power_cap", "software_thermal", "hardware_thermal"}));
    QCOMPARE(device["warnings"].size(), std::size_t(1));
    QCOMPARE(device["pcie"]["width"].get<int>(), 16);
    QCOMPARE(result.code, 0); // heat is no error of the device
}

void TestGputestProgram::tellsOfErrorsTheDriverCounts()
{
    const auto result = run("devices 1\n", {QStringLiteral("--seconds=2")},
        QByteArray("gpus 1\ngpu 0 uuid ") + first
            + "\ngpu 0 ecc_uncorrected step 3 0.5 5\ngpu 0 ecc_corrected 9\n"
              "gpu 0 xid 94 0.5\n");
    QCOMPARE(result.code, 1);
    const json &device = result.result["devices"][0];
    QCOMPARE(device["counters"]["ecc_uncorrected"].get<int>(), 2);
    QCOMPARE(device["counters"]["ecc_corrected"].get<int>(), 0);
    QCOMPARE(device["xids"].dump(), std::string("[94]"));
    QCOMPARE(device["errors"].size(), std::size_t(2));
}

QTEST_GUILESS_MAIN(TestGputestProgram)
#include "test_gputest_program.moc"
