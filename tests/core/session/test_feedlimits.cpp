// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/telemetryfeed.h"
#include "tests/support/agenthome.h"
#include "tests/support/fakeagentclient.h"

#include <QDateTime>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace pilothouse;

static constexpr qint64 second = 1'000'000'000;

/// What no healthy agent does: catalogues without end, clocks that are set, a host that restarts.
class TestFeedLimits : public QObject {
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<TelemetryStore> m_store;
    std::shared_ptr<FakeNode> m_node;
    std::shared_ptr<FeedState> m_state;
    qint64 m_boot = 0; ///< the node's CLOCK_BOOTTIME minus the console's clock, ns

    static qint64 wallNow() { return QDateTime::currentMSecsSinceEpoch() * 1'000'000; }
    std::shared_ptr<Link> link(qint64 offsetNs = 0) const
    {
        auto link = std::make_shared<Link>();
        link->targetId = QStringLiteral("node");
        link->agent = std::make_shared<FakeAgentClient>(m_node);
        link->clock->measure(offsetNs, 0, 0);
        link->facts.wallNs = wallNow() + offsetNs;
        link->facts.boottimeNs = wallNow() + m_boot;
        return link;
    }
    void addSeries(int from, int to) const
    {
        for (int i = from; i < to; ++i)
            m_node->catalogue.series
                << SeriesInfo{QStringLiteral("m%1").arg(i), {}, {}, SeriesKind::Gauge, 1};
        ++m_node->catalogue.version;
    }
    /// A tick of now by the node's clocks, which differ from ours by so much.
    void tick(quint64 number, qint64 offsetNs = 0, qint64 agoNs = 0) const
    {
        AgentTick tick;
        tick.number = number;
        tick.boottimeNs = wallNow() + m_boot - agoNs;
        tick.wallNs = wallNow() + offsetNs - agoNs;
        tick.values.assign(std::size_t(m_node->catalogue.series.size()), double(number));
        m_node->addTick(tick);
    }
    Column stored(qint64 from, qint64 to) const
    {
        SeriesDescription description;
        description.key = {QStringLiteral("node"), {}, QStringLiteral("m0")};
        if (!QCoro::waitFor(m_store->flush()))
            return {};
        const auto curves = QCoro::waitFor(
            m_store->query(Context(), {m_store->series(description)}, from, to, 1));
        return curves ? curves->at(0).columns.at(0) : Column();
    }
    QString saidOfMore() const
    {
        for (const auto &[what, why] : std::as_const(m_state->unsupported)) {
            if (what.endsWith(QLatin1String("more series")))
                return what;
        }
        return {};
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<QTemporaryDir>();
        auto opened = TelemetryStore::openFolder(m_folder->path());
        QVERIFY(opened);
        m_store = std::move(*opened);
        m_node = FakeNode::make();
        m_state = std::make_shared<FeedState>();
        m_boot = 5000 * second - wallNow(); // up for 5,000 s
    }
    void cleanup() { m_store.reset(); }

    void onlySoManySeriesAreTakenFromANode()
    {
        addSeries(0, 70'000);
        tick(1);
        TelemetryFeed feed(link(), m_store.get(), m_state);
        QVERIFY(eventually([&] { return stored(0, wallNow() / 1'000'000 + 1000).count == 1; }));
        QCOMPARE(m_store->seriesOf(QStringLiteral("node")).size(), std::size_t(65536));
        QCOMPARE(saidOfMore(), QStringLiteral("4464 more series"));
    }

    void onlySoManyNewSeriesComeAMinute()
    {
        addSeries(0, 10);
        tick(1);
        auto feed = std::make_unique<TelemetryFeed>(link(), m_store.get(), m_state);
        QSignalSpy samples(feed.get(), &TelemetryFeed::sampleArrived);
        QVERIFY(eventually([&] { return samples.count() == 1; }));
        QCOMPARE(saidOfMore(), QString());
        addSeries(10, 1510);
        tick(2);
        QVERIFY(eventually([&] { return samples.count() == 2; }));
        QCOMPARE(m_store->seriesOf(QStringLiteral("node")).size(), std::size_t(1010));
        QCOMPARE(saidOfMore(), QStringLiteral("500 more series"));
        // A new link is no way around it, and no new start either.
        feed = std::make_unique<TelemetryFeed>(link(), m_store.get(), m_state);
        tick(3);
        QVERIFY(eventually([&] { return stored(0, wallNow() / 1'000'000 + 1000).max == 3; }));
        QCOMPARE(m_store->seriesOf(QStringLiteral("node")).size(), std::size_t(1010));
        m_state->minuteStart -= 61'000; // a minute later the rest is taken
        addSeries(1510, 1511);
        tick(4);
        QVERIFY(eventually([&] { return saidOfMore().isEmpty(); }));
        QCOMPARE(m_store->seriesOf(QStringLiteral("node")).size(), std::size_t(1511));
    }

    /// The node's clock is set by a day: the samples' own time stays, and the skew is told once it
    /// is sure.
    void aClockThatIsSetMovesNoSample()
    {
        addSeries(0, 1);
        const qint64 began = wallNow() / 1'000'000;
        tick(1);
        const auto node = link();
        TelemetryFeed feed(node, m_store.get(), m_state);
        QVERIFY(eventually([&] { return m_state->newestAt != 0; }));
        QVERIFY(!node->clock->skewMs());
        for (quint64 number = 2; number <= 6; ++number) {
            QTest::qWait(5); // two ticks of one millisecond would be one
            tick(number, 86'400 * second);
            QVERIFY(eventually(
                [&] { return stored(0, wallNow() / 1'000'000 + 60'000).max == double(number); }));
        }
        const auto seen = stored(began - 1000, wallNow() / 1'000'000 + 1000);
        QCOMPARE(seen.count, 6u);
        QVERIFY(std::llabs(node->clock->skewMs().value_or(0) - 86'400'000) < 2000);
    }

    /// Ticks of before the host restarted have only their wall clock.
    void aRestartedHostGoesOn()
    {
        addSeries(0, 1);
        const qint64 began = wallNow() / 1'000'000;
        m_boot += 70'000 * second;
        tick(1, 86'400 * second, 90 * second);
        m_boot -= 70'000 * second; // restarted, with a clock that is a day ahead as before
        tick(62, 86'400 * second);
        TelemetryFeed feed(link(86'400 * second), m_store.get(), m_state);
        QVERIFY(eventually([&] { return m_state->newestAt != 0; }));
        const auto seen = stored(began - 91'000, wallNow() / 1'000'000 + 1000);
        QCOMPARE(seen.count, 2u);
        QCOMPARE(seen.max, 62.0);
        QCOMPARE(stored(began - 91'000, began - 80'000).max, 1.0);
    }

    /// Rows of 30 s close what the ring does not reach, and a lost answer is asked for again.
    void olderRowsAreAskedForAgain()
    {
        addSeries(0, 1);
        const qint64 begin = wallNow() - 4 * 3600 * second;
        for (int i = 0; i < 120; ++i)
            m_node->rollups.push_back({begin + i * 30 * second, 30, {1}, {2}, {1.5}});
        tick(1);
        m_node->failNext.insert(QStringLiteral("backFill"),
            Error{ErrorKind::Unreachable, QStringLiteral("telemetry"), QStringLiteral("Gone."), {},
                {}});
        auto feed = std::make_unique<TelemetryFeed>(link(), m_store.get(), m_state);
        QVERIFY(eventually([&] { return m_node->calls.contains(QStringLiteral("backFill")); }));
        QVERIFY(eventually([&] { return !m_node->failNext.contains(QStringLiteral("backFill")); }));
        tick(2);
        QVERIFY(eventually([&] { return stored(0, wallNow() / 1'000'000 + 1000).max == 2; }));
        feed = std::make_unique<TelemetryFeed>(link(), m_store.get(), m_state);
        const qint64 from = begin / 1'000'000;
        QVERIFY(eventually([&] { return stored(from, from + 3'600'000).count >= 120; }));
        QCOMPARE(stored(wallNow() / 1'000'000 - 60'000, wallNow() / 1'000'000 + 1000).count, 2u);
        QCOMPARE(m_node->calls.count(QStringLiteral("backFill")), 2);
    }
};

QTEST_GUILESS_MAIN(TestFeedLimits)
#include "test_feedlimits.moc"
