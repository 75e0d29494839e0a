// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/agentlink/agentchannel.h"
#include "core/transport/ioloop.h"
#include "tests/core/session/feedhost.h"

#include <QScopeGuard>
#include <QSignalSpy>
#include <QTest>

#include <cmath>
#include <csignal>
#include <sys/mount.h>
#include <unistd.h>

using namespace pilothouse;

static const QString load = QStringLiteral("load1");

/// The way of samples from the real agent's ring into the store, over links that come and go.
class TestTelemetryFeed : public QObject {
    Q_OBJECT
    std::unique_ptr<FeedHost> m_host;

    /// Another client's view of the ring, up to a tick that the service has stored.
    struct Reference {
        LiveAgent live;
        std::unique_ptr<RingReader> reader;
    };
    static Reference readRing()
    {
        Reference reference;
        reference.live = connectAgent();
        if (reference.live.client)
            reference.reader = std::make_unique<RingReader>(*reference.live.client);
        return reference;
    }
    /// Compares the store with the ring; empty when every tick is there exactly once. The clocks
    /// must be the same.
    QString difference(Reference &reference)
    {
        const auto newest = [&] { return m_host->store().newestTime(QStringLiteral("local")); };
        const auto timeOf = [](const AgentTick &tick) { return tick.wallNs / 1'000'000; };
        // Up to a tick that the store has passed and whose neighbour is far: a late tick may be
        // next to the one after it.
        std::vector<AgentTick> ticks;
        eventually([&] {
            ticks = reference.reader->ticks();
            while (ticks.size() > 1
                && (timeOf(ticks.back()) > newest()
                    || timeOf(ticks.back()) - timeOf(ticks[ticks.size() - 2]) < 800))
                ticks.pop_back();
            if (!ticks.empty())
                ticks.pop_back();
            return ticks.size() > 3;
        });
        if (ticks.size() <= 3)
            return QStringLiteral("the store stays behind");
        double sum = 0;
        Column stored;
        eventually([&] { // what is filled in comes after what is live
            stored = m_host->column(load, timeOf(ticks.front()) - 400, timeOf(ticks.back()) + 400);
            return stored.count >= ticks.size();
        });
        for (const auto &tick : ticks)
            sum += std::isnan(reference.reader->value(tick, load)) ? 0 : 1;
        if (stored.count != sum)
            return QStringLiteral("%1 ticks, %2 samples").arg(sum).arg(stored.count);
        if (stored.first != reference.reader->value(ticks.front(), load)
            || stored.last != reference.reader->value(ticks.back(), load))
            return QStringLiteral("other values");
        return {};
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_host = std::make_unique<FeedHost>();
    }
    void cleanup() { m_host.reset(); }
    void cleanupTestCase()
    {
        stopAgentThreads();
        IoLoop::instance().stop();
    }

    void aKilledAgentLeavesNoHole()
    {
        m_host->startService();
        QSignalSpy samples(&m_host->service(), &TelemetryService::sampleArrived);
        QVERIFY(m_host->open());
        QVERIFY(eventually([&] { return samples.count() >= 3; }));
        m_host->up = false;
        QVERIFY(m_host->home.killDaemon() != 0);
        QVERIFY(eventually([&] { return m_host->session().state() == TargetState::Stale; }));
        // Another console brings the agent up again; ours finds it only some ticks later.
        auto reference = readRing();
        QVERIFY2(reference.reader, qPrintable(reference.live.trouble));
        const auto newest = [&] { return reference.reader->newest(); };
        QVERIFY(eventually([&] { return newest() != 0; }));
        const quint64 restarted = newest();
        QVERIFY(eventually([&] { return newest() >= restarted + 3; }));
        m_host->up = true;
        QSignalSpy again(&m_host->service(), &TelemetryService::sampleArrived);
        QVERIFY(eventually([&] { return again.count() >= 2; })); // by the session's own back-off
        QCOMPARE(m_host->session().state(), TargetState::Connected);
        QCOMPARE(difference(reference), QString());
    }

    void aConsoleThatIsNewTakesAllThereIs_data()
    {
        QTest::addColumn<int>("shift");
        QTest::newRow("right clock") << 0;
        QTest::newRow("a day ahead") << 86'400;
        QTest::newRow("a day behind") << -86'400;
    }
    /// Three hours of the boot before, two of them by the second, and some minutes of this one.
    void aConsoleThatIsNewTakesAllThereIs()
    {
        QFETCH(int, shift);
        qputenv("PILOTHOUSE_AGENT_CLOCK_SHIFT", QByteArray::number(shift));
        const auto right = qScopeGuard([] { qunsetenv("PILOTHOUSE_AGENT_CLOCK_SHIFT"); });
        const qint64 booted = std::min<qint64>(hostUptime() - 5, 300);
        const QString run = m_host->home.runFolder();
        const auto before = seedRing(run, 3 * 3600, booted + 30, true, shift);
        const auto after = seedRing(run, booted, 0, false, shift);
        QVERIFY(after.first > before.last);
        const qint64 began = QDateTime::currentMSecsSinceEpoch();
        m_host->startService();
        QVERIFY(m_host->open());
        QVERIFY(eventually(
            [&] { return m_host->service().newestSampleAt(QStringLiteral("local")) > 0; }));

        const auto skew = m_host->session().skewMs();
        QCOMPARE(skew.has_value(), shift != 0);
        if (skew)
            QVERIFY2(
                std::llabs(*skew - shift * 1000LL) < 60'000, qPrintable(QString::number(*skew)));
        const qint64 newest = m_host->service().newestSampleAt(QStringLiteral("local"));
        QVERIFY(newest > began - 60'000);
        QVERIFY(newest <= QDateTime::currentMSecsSinceEpoch() + 60'000);

        const qint64 own = shift * 1000LL; // all below is by the console's clock
        const auto all = [&](const SeededRing &seeded) {
            return m_host->column(SeededRing::metric(), seeded.firstWallMs - own - 30'000,
                seeded.lastWallMs - own + 500);
        };
        // This boot's ticks: each once, the newest first, so the oldest ends the waiting.
        QVERIFY(eventually([&] { return all(after).count >= quint32(after.ticks); }));
        QVERIFY(eventually([&] { return all(before).min == double(before.first); }));
        const auto seen = all(after);
        QCOMPARE(seen.count, quint32(after.ticks));
        QCOMPARE(seen.min, double(after.first));
        QCOMPARE(seen.max, double(after.last));
        // Nowhere a hole: by the second where the ring has seconds, then by rows of 30 s.
        const qint64 from = before.firstWallMs - own, to = before.lastWallMs - own;
        const auto minutes = int((to - from) / 60'000);
        const auto columns
            = m_host->columns(SeededRing::metric(), from, from + minutes * 60'000LL, minutes);
        for (int i = 0; i < minutes; ++i) {
            const auto &column = columns[std::size_t(i)];
            QVERIFY2(column.count > 0,
                qPrintable(QStringLiteral("minute %1 of %2").arg(i).arg(minutes)));
            QVERIFY(std::abs(column.max - double(before.first) - i * 60 - 59) <= 31);
        }
    }

    void aConsoleThatWasAwayFillsIn()
    {
        const auto seeded = seedRing(m_host->home.runFolder(), 3600, 0, true);
        SeriesDescription description;
        description.key = {QStringLiteral("local"), {}, SeededRing::metric()};
        std::vector<StoreTick> known;
        for (int i = 0; i <= 3000; ++i) // until ten minutes ago
            known.push_back({seeded.firstWallMs + i * 1000, {double(seeded.first) + i}});
        m_host->store().append({m_host->store().series(description)}, known);
        QVERIFY(QCoro::waitFor(m_host->store().flush()));
        m_host->restartConsole();
        m_host->startService();
        QVERIFY(m_host->open());
        const auto seen = [&] {
            return m_host->column(
                SeededRing::metric(), seeded.firstWallMs - 500, seeded.lastWallMs + 500);
        };
        QVERIFY(eventually([&] { return seen().count >= quint32(seeded.ticks); }));
        QCOMPARE(seen().count, quint32(seeded.ticks)); // none twice
        QCOMPARE(seen().max, double(seeded.last));
    }

    void aLinkThatGoesWhileItFillsLeavesNoHole()
    {
        const auto seeded = seedRing(m_host->home.runFolder(), 3600, 0, true);
        m_host->startService();
        // The first live ticks are there, what is before them is asked for: the link goes, twice.
        int cuts = 0;
        connect(&m_host->service(), &TelemetryService::sampleArrived, this, [&] {
            if (cuts < 2) {
                const auto bridges = m_host->home.bridges();
                for (const int bridge : bridges)
                    ++cuts, ::kill(bridge, SIGKILL);
            }
        });
        const auto opening = m_host->open(); // may fail: its own first sample is cut as well
        static_cast<void>(opening);
        const auto seen = [&] {
            return m_host->column(
                SeededRing::metric(), seeded.firstWallMs - 500, seeded.lastWallMs + 500);
        };
        QVERIFY(eventually([&] { return cuts == 2 && seen().count >= quint32(seeded.ticks); }));
        QCOMPARE(seen().count, quint32(seeded.ticks));
    }

    /// The console's own disk is full: charts go on from memory, the damage is told, and nothing
    /// ends. With room again samples are on disk again.
    void aFullDiskOfTheConsoleEndsNothing()
    {
        const QByteArray folder = QFile::encodeName(m_host->storeFolder());
        m_host->closeStore();
        if (::geteuid() != 0 || ::mount("tmpfs", folder.constData(), "tmpfs", 0, "size=128k") != 0)
            QSKIP("needs root to mount a small file system");
        const auto unmount = qScopeGuard([&] {
            m_host->closeStore();
            ::umount2(folder.constData(), MNT_DETACH);
        });
        m_host->reopenStore();
        seedRing(m_host->home.runFolder(), 7200, 0, true); // fills more than there is room for
        QFile filler(m_host->storeFolder() + QStringLiteral("/filler"));
        QVERIFY(filler.open(QFile::WriteOnly));
        while (filler.write(QByteArray(4096, 'x')) > 0 && filler.flush()) { }
        m_host->startService();
        QSignalSpy samples(&m_host->service(), &TelemetryService::sampleArrived);
        QVERIFY(m_host->open());
        QVERIFY(eventually([&] { return samples.count() >= 3; }));
        QVERIFY(eventually([&] { return !m_host->store().damage().isEmpty(); }));
        const qint64 now = QDateTime::currentMSecsSinceEpoch();
        SeriesDescription description;
        description.key = {QStringLiteral("local"), {}, load};
        const auto id = m_host->store().series(description);
        QVERIFY(m_host->store().hot(id, now - 60'000, now + 1000, 1).columns.at(0).count > 0);
        QCOMPARE(m_host->session().state(), TargetState::Connected);

        filler.close();
        QVERIFY(QFile::remove(filler.fileName()));
        const int before = samples.count();
        QVERIFY(eventually([&] { return samples.count() >= before + 3; }));
        QVERIFY(QCoro::waitFor(m_host->store().flush()));
        m_host->closeStore();
        m_host->reopenStore(); // what is seen now was on disk
        const qint64 end = QDateTime::currentMSecsSinceEpoch() + 1000;
        QVERIFY(m_host->column(load, now, end).count >= 2);
    }
};

QTEST_GUILESS_MAIN(TestTelemetryFeed)
#include "test_telemetryfeed.moc"
