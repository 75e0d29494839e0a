// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/ioloop.h"
#include "tests/support/liveagent.h"

#include <QFile>
#include <QTest>

using namespace pilothouse;

/// GPUs from the (simulated) library to the job's environment, through the real agent.
class TestGpuJob : public QObject {
    Q_OBJECT
    std::unique_ptr<AgentHome> m_home;
    LiveAgent m_live;

    static QString uuid(int index)
    {
        return QStringLiteral("GPU-51000000-0000-4000-8000-00000000000%1").arg(index);
    }
    JobSpec spec(int gpus) const
    {
        JobSpec spec;
        spec.name = QStringLiteral("gpus");
        spec.argv = QStringList{QStringLiteral("sh"), QStringLiteral("-c"),
            QStringLiteral("echo $CUDA_VISIBLE_DEVICES; while [ ! -e ~/go ]; do sleep 0.02; done")};
        spec.gpus = gpus;
        return spec;
    }
    Result<Submitted> submit(const QString &id, const JobSpec &spec) const
    {
        return QCoro::waitFor(m_live.client->submit(Context(), PermitForTests::make(), id, spec));
    }
    void waitForSamples() const ///< of every GPU
    {
        std::vector<double> busy;
        TelemetryHandlers telemetry;
        AgentCatalogue catalogue;
        telemetry.catalogue = [&](const AgentCatalogue &from) { catalogue = from; };
        telemetry.ticks = [&](const std::vector<AgentTick> &ticks, qint64, qint64) {
            busy.clear();
            const auto &values = ticks.back().values;
            for (std::size_t i = 0; i < values.size(); ++i) {
                if (catalogue.series[qsizetype(i)].metric == QLatin1String("gpu_busy_ratio")
                    && values[i] == values[i])
                    busy.push_back(values[i]);
            }
        };
        telemetry.ended = [](const Error &) {};
        const auto stream = m_live.client->subscribe({}, 1, std::move(telemetry));
        QVERIFY(eventually([&] { return busy.size() == 8; }));
    }
    /// The first line that the job writes.
    QString firstLine(const QString &id) const
    {
        QByteArray text;
        LogHandlers log;
        log.data = [&text](quint64, const QByteArray &data) { text += data; };
        log.ended = [](bool, const std::optional<Error> &) {};
        const auto reading = m_live.client->readLog(id, 0, true, 0, log);
        eventually([&] { return text.contains('\n'); });
        return QString::fromUtf8(text.left(text.indexOf('\n')));
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_home = std::make_unique<AgentHome>();
        // Least busy: 5, then 2, which has less in memory than 6.
        QFile scenario(m_home->path(QStringLiteral("scenario")));
        QVERIFY(scenario.open(QFile::WriteOnly));
        scenario.write("gpus 8\ngpu * busy 90\ngpu * memory_used 8GiB\ngpu 5 busy 1\n"
                       "gpu 2 busy 7\ngpu 2 memory_used 1GiB\ngpu 6 busy 7\n");
        scenario.close();
        qputenv("LD_LIBRARY_PATH", PILOTHOUSE_FAKE_NVML);
        qputenv("PILOTHOUSE_NVML_SCENARIO", QFile::encodeName(scenario.fileName()));
        m_live = connectAgent();
        QVERIFY2(m_live.client, qPrintable(m_live.trouble));
    }
    void cleanup()
    {
        m_live = {};
        m_home.reset();
        qunsetenv("LD_LIBRARY_PATH");
        qunsetenv("PILOTHOUSE_NVML_SCENARIO");
    }
    void cleanupTestCase()
    {
        stopAgentThreads();
        IoLoop::instance().stop();
    }

    /// The agent that has just been started waits for the driver's first answer.
    void theFirstSecondRefusesNobody()
    {
        const auto first = submit(QStringLiteral("early"), spec(1));
        QVERIFY2(first, first ? "" : qPrintable(first.error().message));
        QCOMPARE(first->job.gpuUuids.size(), 1);
    }

    void theLeastBusyAreGivenAndNotTwice()
    {
        waitForSamples();
        const auto facts = QCoro::waitFor(m_live.client->hello(Context()));
        QVERIFY(facts);
        QCOMPARE(facts->devices.size(), 8);
        QVERIFY(facts->devices[0].simulated);
        const auto first = submit(QStringLiteral("first"), spec(2));
        QVERIFY2(first, first ? "" : qPrintable(first.error().message));
        QCOMPARE(first->job.gpuUuids, (QStringList{uuid(5), uuid(2)}));
        QCOMPARE(firstLine(QStringLiteral("first")), uuid(5) + QLatin1Char(',') + uuid(2));
        QVERIFY(submit(QStringLiteral("second"), spec(1)));
        QCOMPARE(firstLine(QStringLiteral("second")), uuid(6));
        // What a job holds is free again once it has ended.
        const auto tooMany = submit(QStringLiteral("third"), spec(6));
        QVERIFY(!tooMany);
        QVERIFY2(tooMany.error().message.contains(QLatin1String("6 GPUs asked for")),
            qPrintable(tooMany.error().message));
        QVERIFY(QFile(m_home->path(QStringLiteral("go"))).open(QFile::WriteOnly));
        QVERIFY(eventually([&] { return bool(submit(QStringLiteral("fourth"), spec(8))); }));
        QCOMPARE(firstLine(QStringLiteral("fourth")).count(QLatin1Char(',')), 7);
    }

    void theNamedAreGivenAsNamed()
    {
        waitForSamples();
        auto named = spec(0);
        named.gpuUuids = QStringList{uuid(7), uuid(0)};
        QVERIFY(submit(QStringLiteral("named"), named));
        QCOMPARE(firstLine(QStringLiteral("named")), uuid(7) + QLatin1Char(',') + uuid(0));
        named.gpuUuids = QStringList{QStringLiteral("GPU-nowhere")};
        const auto refused = submit(QStringLiteral("nowhere"), named);
        QVERIFY(!refused);
        QVERIFY(refused.error().message.contains(QLatin1String("GPU-nowhere")));
    }
};

QTEST_GUILESS_MAIN(TestGpuJob)
#include "test_gpujob.moc"
