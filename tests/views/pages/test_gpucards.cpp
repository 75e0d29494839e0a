// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// What a node's cards and the fleet's rows say of GPUs that fall silent, come back, or are divided.
#include "core/transport/ioloop.h"
#include "tests/views/pages/livedesk.h"
#include "views/fleet/fleetpage.h"
#include "views/node/gpucard.h"
#include "views/node/gpureading.h"
#include "views/node/livepage.h"
#include "views/theme/theme.h"

#include <QFile>
#include <QTemporaryDir>

using namespace pilothouse;

static constexpr qint64 now = 1'764'000'000'000;
static constexpr double gib = 1024.0 * 1024 * 1024;

class TestGpuCards : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    std::unique_ptr<TelemetryStore> m_store;

    static bool says(const QWidget &in, const QString &text)
    {
        const auto labels = in.findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(),
            [&](const QLabel *label) { return label->text().contains(text); });
    }
    /// Samples of a device at a moment.
    void sample(const QString &device, qint64 at, const QMap<QString, double> &values)
    {
        std::vector<SeriesId> ids;
        StoreTick tick;
        tick.time = at;
        for (auto it = values.begin(); it != values.end(); ++it) {
            SeriesDescription series;
            series.key = {QStringLiteral("n"), device, it.key()};
            ids.push_back(m_store->series(series));
            tick.values.push_back(it.value());
        }
        m_store->append(ids, {tick});
        QVERIFY(QCoro::waitFor(m_store->flush()));
    }
    static const FleetGpu *row(const FleetPage &page, const QString &uuid)
    {
        return page.model()->gpu(QStringLiteral("local/") + uuid);
    }

private Q_SLOTS:
    void initTestCase() { Theme::install(Scheme::Light); }
    void init()
    {
        QTest::failOnWarning(
            QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
        m_store = std::move(*TelemetryStore::openFolder(
            m_folder.filePath(QString::fromLatin1(QTest::currentTestFunction()))));
    }
    void cleanup() { m_store.reset(); }
    void cleanupTestCase() { IoLoop::instance().stop(); }

    void aSilentGpuIsStaleWithItsReason()
    {
        Device device;
        device.uuid = QStringLiteral("GPU-0");
        device.powerLimitWatts = 700;
        sample(device.uuid, now - 2900,
            {{"gpu_busy_ratio", 0.5}, {"gpu_power_watts", 300}, {"gpu_memory_used_bytes", gib}});
        GpuCard card(0);
        const auto at = [&](qint64 when, bool linked = true) {
            const auto gpu = gpuReading(*m_store, QStringLiteral("n"), device, {}, when, linked);
            card.show(gpu);
            return gpu;
        };
        QCOMPARE(at(now).state, FleetState::Busy);
        QVERIFY(says(card, "300 of 700"));
        QCOMPARE(at(now + 200).state, FleetState::Stale); // three periods
        QVERIFY(says(card, "stale 3"));
        device.trouble = QStringLiteral("the driver does not answer since 10:00:00 UTC");
        QCOMPARE(at(now).state, FleetState::Busy); // it has answered since
        QCOMPARE(at(now + 200).state, FleetState::Bad);
        QVERIFY(says(card, "not sampled") && !says(card, "300 of 700"));
        QCOMPARE(card.toolTip(), device.trouble);
        QCOMPARE(at(now + 200, false).state, FleetState::Stale);
    }

    void partitionsHaveNames()
    {
        Device whole, first, second;
        whole.uuid = QStringLiteral("GPU-0");
        whole.index = first.index = second.index = 3;
        first.uuid = QStringLiteral("MIG-a");
        second.uuid = QStringLiteral("MIG-b");
        first.parent = second.parent = whole.uuid;
        first.name = second.name = QStringLiteral("NVIDIA H100 80GB HBM3 MIG 1g.10gb");
        const QList<Device> all{whole, first, second};
        sample(whole.uuid, now, {{"gpu_power_watts", 250}, {"gpu_temperature_celsius", 50}});
        sample(second.uuid, now,
            {{"gpu_memory_used_bytes", 4 * gib}, {"gpu_memory_total_bytes", 10 * gib}});
        const auto read = [&](const Device &device) {
            return gpuReading(*m_store, QStringLiteral("n"), device, all, now, true);
        };
        QCOMPARE(read(whole).label(), QStringLiteral("GPU 3"));
        QCOMPARE(read(first).label(), QStringLiteral("GPU 3 · 1g.10gb"));
        QCOMPARE(read(second).label(), QStringLiteral("GPU 3 · 1g.10gb (2)"));
        QCOMPARE(gpuNumber(second, all), QStringLiteral("3 · 1g.10gb (2)"));
        for (const auto &device : {whole, second})
            QCOMPARE(read(device).verdict, QStringLiteral("MIG: utilisation not offered"));
        GpuCard card(0);
        card.show(read(second));
        QVERIFY(says(card, "GPU 3 · 1g.10gb (2)"));
        QVERIFY(says(card, "4.0 of 10.0\u00A0GiB"));
        QVERIFY(!says(card, "not sampled"));
        QCOMPARE(card.toolTip(), QStringLiteral("MIG: utilisation not offered"));
        const auto figures = figuresOf({read(whole), read(first), read(second)}, now);
        QCOMPARE(figures.total, 1);
        QCOMPARE(figures.power, 250.0);
        QCOMPARE(figures.busy + figures.known, 0);
    }

    /// On the real agent: a GPU whose driver hangs and answers again, and one that is divided then.
    void aNodeTellsWhyAndRecovers()
    {
        LiveDesk desk;
        const QString file = desk.home.path(QStringLiteral("scenario"));
        const auto play = [&](const QByteArray &more) {
            QFile scenario(file);
            QVERIFY(scenario.open(QFile::WriteOnly));
            scenario.write("driver 555.42.06\ngpus 2\ngpu 0 uuid GPU-0\ngpu 1 uuid GPU-1\n"
                           "gpu 0 busy 87\ngpu 1 busy 3\n"
                + more);
        };
        play({});
        qputenv("LD_LIBRARY_PATH", PILOTHOUSE_FAKE_NVML);
        qputenv("PILOTHOUSE_NVML_SCENARIO", file.toUtf8());
        FleetPage fleet(desk.context);
        fleet.resize(1300, 900);
        fleet.show();
        LivePage page(desk.context, desk.local);
        desk.watch(&page, desk.local);
        page.resize(1300, 900);
        page.show();
        QCOMPARE(desk.connectHere(), QString());
        const auto state = [&](const QString &uuid) {
            const auto *gpu = row(fleet, uuid);
            return gpu != nullptr ? gpu->state : FleetState::Unknown;
        };
        QTRY_COMPARE_WITH_TIMEOUT(state("GPU-0"), FleetState::Busy, 60'000);

        play("gpu 0 hang power\n");
        QTRY_COMPARE_WITH_TIMEOUT(state("GPU-0"), FleetState::Bad, 60'000);
        QVERIFY(row(fleet, "GPU-0")->verdict.contains("does not answer since"));
        QCOMPARE(state("GPU-1"), FleetState::Idle); // the other goes on
        const auto *card = page.findChildren<GpuCard *>().first();
        QTRY_VERIFY_WITH_TIMEOUT(card->toolTip().contains("does not answer since"), 60'000);

        play({});
        QTRY_COMPARE_WITH_TIMEOUT(state("GPU-0"), FleetState::Busy, 60'000);
        QTRY_VERIFY_WITH_TIMEOUT(says(*card, "87"), 60'000);

        play("gpu 1 mig 1g.10gb MIG-a 10GiB 4GiB\ngpu 1 mig 1g.10gb MIG-b 10GiB\n");
        QTRY_VERIFY_WITH_TIMEOUT(row(fleet, "MIG-b") != nullptr, 60'000);
        QTRY_COMPARE_WITH_TIMEOUT(
            row(fleet, "MIG-b")->verdict, QStringLiteral("MIG: utilisation not offered"), 60'000);
        QCOMPARE(row(fleet, "MIG-b")->label(), QStringLiteral("GPU 1 · 1g.10gb (2)"));
        QCOMPARE(fleet.model()->figures().total, 2);
        QTRY_COMPARE_WITH_TIMEOUT(page.findChildren<GpuCard *>().size(), 4, 60'000);
    }
};

QTEST_MAIN(TestGpuCards)
#include "test_gpucards.moc"
