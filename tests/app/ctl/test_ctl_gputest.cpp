// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// "pilothousectl gputest" on the real agent, which runs the real program on fake drivers.
#include "tests/app/ctl/ctlhost.h"

#include <QFile>
#include <QJsonArray>
#include <QRegularExpression>
#include <QTest>

using namespace pilothouse;

class TestCtlGpuTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    void scenario(const char *variable, const QByteArray &text)
    {
        QFile file(m_folder.filePath(QString::fromLatin1(variable)));
        QVERIFY(file.open(QFile::WriteOnly | QFile::Truncate));
        file.write(text);
        qputenv(variable, file.fileName().toUtf8());
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void initTestCase()
    {
        const QByteArray uuid("GPU-51370000-0000-4000-8000-000000000000");
        scenario("PILOTHOUSE_NVML_SCENARIO", "gpus 1\ngpu 0 uuid " + uuid + "\n");
        scenario("PILOTHOUSE_CUDA_SCENARIO", "devices 1\ndevice 0 uuid " + uuid + "\n");
        qputenv("LD_LIBRARY_PATH", PILOTHOUSE_FAKE_CUDA ":" PILOTHOUSE_FAKE_NVML);
    }

    void checksAGpu()
    {
        const CtlHost host;
        const QStringList words{QStringLiteral("gputest"), QStringLiteral("local"),
            QStringLiteral("--seconds"), QStringLiteral("2")};
        const auto nothing = host.run(
            {QStringLiteral("gputest"), QStringLiteral("local"), QStringLiteral("--history")});
        QCOMPARE(nothing.code, 0);
        QVERIFY(nothing.out.isEmpty());
        const auto first = host.run(words);
        QVERIFY2(first.code == 0, (first.out + first.err).constData());
        QVERIFY(first.out.contains("BF16 tensor"));
        QVERIFY(first.err.contains("100 %"));
        QVERIFY(first.err.contains("Simulated"));
        QVERIFY(!first.out.contains("{\"schema\"")); // the job's log has it, people get a table
        const auto second = host.run(words + QStringList{QStringLiteral("--json")});
        QCOMPARE(second.code, 0);
        const auto json = second.json();
        QCOMPARE(json[QLatin1String("verdict")].toString(), QStringLiteral("ok"));
        const auto rows = json[QLatin1String("devices")][0][QLatin1String("compared")].toArray();
        QVERIFY(rows.size() >= 12);
        for (const auto &row : rows)
            QVERIFY(!row[QLatin1String("baseline")].isNull()); // the first test is
        const auto history = host.run({QStringLiteral("gputest"), QStringLiteral("local"),
            QStringLiteral("--history"), QStringLiteral("--json")});
        const auto runs = history.json()[QLatin1String("runs")].toArray();
        QCOMPARE(runs.size(), 2);
        QVERIFY(runs[1][QLatin1String("baseline")].toBool());
        QVERIFY(!runs[0][QLatin1String("baseline")].toBool());
    }

    void endsWithTheTestsOwnCode()
    {
        scenario("PILOTHOUSE_CUDA_SCENARIO", "devices none\n");
        const CtlHost host;
        const auto none = host.run({QStringLiteral("gputest"), QStringLiteral("local"),
            QStringLiteral("--seconds"), QStringLiteral("2")});
        QVERIFY2(none.code == 3, (none.out + none.err).constData());
        QVERIFY(none.out.contains("no CUDA device"));
        const auto busy = host.run({QStringLiteral("gputest"), QStringLiteral("local"),
            QStringLiteral("--gpus"), QStringLiteral("9")});
        QCOMPARE(busy.code, 255); // ours: the node has one
        QVERIFY(busy.err.contains("9 GPUs asked for"));
        const auto launched = host.run({QStringLiteral("run"), QStringLiteral("local"),
            QStringLiteral("--wait"), QStringLiteral("--"), QStringLiteral("pilothouse-gputest"),
            QStringLiteral("--seconds"), QStringLiteral("2")});
        QCOMPARE(launched.code, 3); // launched like any job
    }
};

QTEST_GUILESS_MAIN(TestCtlGpuTest)
#include "test_ctl_gputest.moc"
