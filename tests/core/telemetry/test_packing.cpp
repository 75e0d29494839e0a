// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/segmentfolder.h"

#include "reference.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/mount.h>
#include <unistd.h>

using namespace pilothouse;

/// Segments of many small blocks that are written anew as one.
class TestPacking : public QObject {
    Q_OBJECT

    static constexpr int rows = 6000;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::vector<Reference> m_references;

    static StoreOptions smallBlocks()
    {
        auto options = fixedClock();
        options.blockRows = 32;
        options.segmentBytes = 8192;
        return options;
    }
    static StoreOptions packing()
    {
        auto options = smallBlocks();
        options.blockRows = 2048;
        options.hotBytes = 1 << 12; // nothing stays in memory, where it would have to stay apart
        return options;
    }
    std::unique_ptr<TelemetryStore> opened(StoreOptions options) const
    {
        return openedStore(m_folder->path(), std::move(options));
    }
    static std::vector<SeriesId> seriesOf(TelemetryStore &store)
    {
        std::vector<SeriesId> ids;
        for (const auto *target : {"t", "u"})
            for (int i = 0; i < 3; ++i)
                ids.push_back(
                    store.series(gauge(QString::fromLatin1(target), QStringLiteral("m%1").arg(i),
                        i == 2 ? StoredKind::Counter : StoredKind::Gauge)));
        return ids;
    }
    /// Rows of two targets, the second one with late ones; closed again.
    void fill()
    {
        auto store = opened(smallBlocks());
        const auto ids = seriesOf(*store);
        m_references.assign(6, {});
        m_references[2].kind = m_references[5].kind = StoredKind::Counter;
        std::mt19937 random(4);
        double counter = 0;
        for (int from = 0; from < rows; from += 300) {
            std::vector<StoreTick> first, second;
            for (int i = from; i < from + 300; ++i) {
                const qint64 time = start + i * 1000;
                counter = random() % 900 == 0 ? 0 : counter + double(random() % 20);
                StoreTick tick{
                    time, {double(random() % 50), random() % 9 ? i / 4.0 : absent, counter}};
                for (std::size_t k = 0; k < 3; ++k) {
                    m_references[k].add(time, tick.values[k]);
                    m_references[k + 3].add(time, tick.values[k]);
                }
                first.push_back(tick);
                second.push_back(tick);
            }
            std::shuffle(second.begin(), second.begin() + 40, random);
            store->append({ids[0], ids[1], ids[2]}, first);
            for (auto &tick : second)
                store->append({ids[3], ids[4], ids[5]}, {tick});
        }
        QVERIFY(QCoro::waitFor(store->flush()).has_value());
        store.reset();
        opened(smallBlocks()).reset(); // moves the journal into the segments
    }
    QStringList segments() const
    {
        return QDir(m_folder->path()).entryList({QStringLiteral("*.seg")}, QDir::Files);
    }
    QString unfinished() const { return SegmentPacker::unfinishedIn(m_folder->path()); }
    bool isUnfinished() const { return QFile::exists(unfinished()); }
    QByteArray contentOf(const QString &name) const
    {
        QFile file(m_folder->filePath(name));
        return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
    }
    void compare(TelemetryStore &store) const
    {
        QCOMPARE(store.damage(), QStringList());
        const auto ids = seriesOf(store);
        std::mt19937 random(8);
        for (int round = 0; round < 20; ++round) {
            const qint64 from = start + qint64(random() % 5'900'000),
                         to = from + 1 + random() % 3'000'000;
            const int columns = 1 + int(random() % (round % 2 ? 900 : 8));
            for (std::size_t i = 0; i < ids.size(); ++i) {
                QString why;
                QVERIFY2(same(ask(store, ids[i], from, to, columns),
                             m_references[i].columns(from, to, columns), &why),
                    qPrintable(QStringLiteral("%1: ").arg(i) + why));
            }
        }
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void answersStayWhatTheyWere()
    {
        fill();
        const auto before = segments();
        QVERIFY(before.size() > 8);
        auto reader = opened(smallBlocks());
        QVERIFY(reader->writable());
        reader.reset();
        auto store = opened(packing());
        reader = opened(smallBlocks()); // follows
        QVERIFY(!reader->writable());
        compare(*reader);
        compare(*store); // some of it is packed
        QTRY_VERIFY(segments().size() < before.size() / 2 && !isUnfinished());
        compare(*store);
        compare(*reader);
        store.reset();
        reader.reset();
        store = opened(packing());
        compare(*store);
        // And it goes on.
        const auto ids = seriesOf(*store);
        store->append({ids[0]}, {{start + 9'000'000, {77}}});
        QVERIFY(QCoro::waitFor(store->flush()).has_value());
        QCOMPARE(store->latest(ids[0])->value, 77.0);
    }

    void whatAnEndInBetweenLeftIsCleanedUp()
    {
        fill();
        std::map<QString, QByteArray> old;
        for (const auto &name : segments()) {
            QFile file(m_folder->filePath(name));
            QVERIFY(file.open(QFile::ReadOnly));
            old[name] = file.readAll();
        }
        auto store = opened(packing());
        QTRY_VERIFY(segments().size() < qsizetype(old.size()) / 2 && !isUnfinished());
        store.reset();
        const auto packed = segments();
        // It ended before the old ones were deleted, and while the next one was written.
        for (const auto &[name, bytes] : old) {
            QFile file(m_folder->filePath(name));
            if (!packed.contains(name))
                QVERIFY(file.open(QFile::WriteOnly) && file.write(bytes) == bytes.size());
        }
        QFile part(m_folder->filePath(QStringLiteral("packed.part")));
        QVERIFY(part.open(QFile::WriteOnly) && part.write("half") == 4);
        part.close();
        store = opened(smallBlocks());
        QCOMPARE(segments(), packed);
        QVERIFY(!isUnfinished());
        compare(*store);
    }

    void aDamagedBlockIsNotPackedAway()
    {
        fill();
        const auto before = segments();
        const auto &damaged = before[1];
        auto bytes = contentOf(damaged);
        bytes[bytes.size() - 1] = char(bytes.back() ^ 1); // of the last series of its last block
        {
            QFile file(m_folder->filePath(damaged));
            QVERIFY(file.open(QFile::WriteOnly) && file.write(bytes) == bytes.size());
        }
        auto store = opened(packing());
        QTRY_COMPARE(store->damage().size(), 1); // packing met it
        QVERIFY2(store->damage()[0].contains(damaged), qPrintable(store->damage()[0]));
        QTRY_VERIFY(!isUnfinished());
        QCOMPARE(segments(), before);
        QCOMPARE(contentOf(damaged), bytes);
        const auto ids = seriesOf(*store);
        for (const std::size_t i : {0, 1, 3, 4}) {
            QString why;
            QVERIFY2(same(ask(*store, ids[i], start, start + rows * 1000, 1),
                         m_references[i].columns(start, start + rows * 1000, 1), &why),
                qPrintable(QStringLiteral("%1: ").arg(i) + why));
        }
    }

    void numbersOfPackedSegmentsAreNotUsedAgain()
    {
        fill();
        const auto before = segments();
        auto store = opened(packing());
        QTRY_VERIFY(segments().size() < before.size() / 2 && !isUnfinished());
        store.reset();
        for (const auto &name : segments().mid(1))
            QVERIFY(QFile::remove(m_folder->filePath(name)));
        auto options = smallBlocks();
        options.segmentSpan = 1; // what is new goes into a segment of its own
        for (int i = 0; i < 2; ++i) { // the second time from the journal into a segment
            store = opened(options);
            store->append({seriesOf(*store)[0]}, {{start + 9'000'000 + i * 1000, {77}}});
            QVERIFY(QCoro::waitFor(store->flush()).has_value());
            store.reset();
        }
        QVERIFY(segments().size() > 1 && segments()[1] > before[3]);
        store = opened(options);
        QCOMPARE(ask(*store, seriesOf(*store)[0], start + 9'000'000, start + 9'010'000, 1)
                     .columns[0]
                     .count,
            2u);
        QCOMPARE(store->damage(), QStringList());
    }

    void onAFullDiskTheUnfinishedGoesBeforeHistory()
    {
        if (::geteuid() != 0)
            QSKIP("needs root to mount a small file system");
        const QByteArray path = QFile::encodeName(m_folder->path());
        if (::mount("tmpfs", path.constData(), "tmpfs", 0, "size=2m") != 0)
            QSKIP("needs root to mount a small file system");
        const auto unmount = qScopeGuard([&] { ::umount(path.constData()); });
        fill();
        const auto before = segments();
        ReadGate gate;
        Registry registry(gate);
        ColdCache cache(1 << 20);
        DamageList damage;
        auto options = packing();
        options.blockRows = 128;
        SegmentFolder folder(m_folder->path(), options, registry, cache, damage);
        QVERIFY(folder.open([](auto) {}, [] {}).has_value());
        folder.choosePacking([](const auto &) { return false; });
        while (folder.isPacking() && QFileInfo(unfinished()).size() < 9000)
            folder.packStep();
        QVERIFY(folder.isPacking());
        QFile filler(m_folder->filePath(QStringLiteral("filler")));
        QVERIFY(filler.open(QFile::WriteOnly | QFile::Unbuffered));
        for (const qint64 chunk : {65'536, 4096})
            while (filler.write(QByteArray(chunk, 'x')) == chunk) { }
        // More than the last page of a segment has room for, less than was packed.
        const auto id = registry.add(gauge(QStringLiteral("t"), QStringLiteral("m0")));
        HotBlock block({id}, 0, 700, [](SeriesId) { return false; });
        std::mt19937_64 random(3);
        const std::array<int, 1> columns{0};
        for (int row = 0; row < 700; ++row) {
            const std::array<double, 1> value{double(random()) / 3};
            block.appendRow(start + 9'000'000 + row * 1000, columns, value);
        }
        block.seal();
        folder.store(block);
        QVERIFY(!block.lost);
        QVERIFY(!folder.isPacking() && !isUnfinished());
        for (const auto &name : before)
            QVERIFY2(segments().contains(name), qPrintable(name));
        QCOMPARE(damage.all(), QStringList());
    }

    void aFullDiskGivesItUp()
    {
        if (::geteuid() != 0)
            QSKIP("needs root to mount a small file system");
        const QByteArray folder = QFile::encodeName(m_folder->path());
        if (::mount("tmpfs", folder.constData(), "tmpfs", 0, "size=2m") != 0)
            QSKIP("needs root to mount a small file system");
        const auto unmount = qScopeGuard([&] { ::umount(folder.constData()); });
        fill();
        QFile filler(m_folder->filePath(QStringLiteral("filler")));
        QVERIFY(filler.open(QFile::WriteOnly | QFile::Unbuffered));
        for (const qint64 chunk : {65'536, 4096}) // all but the journal's room
            while (filler.write(QByteArray(chunk, 'x')) == chunk) { }
        QVERIFY(filler.resize(filler.size() - 8192));
        const auto before = segments();
        auto store = opened(packing());
        QVERIFY(QCoro::waitFor(store->flush()).has_value());
        QTRY_VERIFY(!isUnfinished());
        QCOMPARE(segments(), before);
        compare(*store);
        store.reset();
        filler.close();
    }

    void retentionGoesOnByAge()
    {
        fill();
        auto store = opened(packing());
        QTRY_VERIFY(segments().size() < 8 && !isUnfinished());
        store.reset();
        auto options = packing();
        options.now = [] { return start + 40 * 86'400'000ll; };
        store = opened(options);
        QVERIFY(QCoro::waitFor(store->flush()).has_value());
        QTRY_COMPARE(segments().size(), 1); // the newest one stays, however old
        const auto ids = seriesOf(*store);
        QCOMPARE(ask(*store, ids[0], start, start + 1'000'000, 1).columns[0].count, 0u);
        QCOMPARE(store->damage(), QStringList());
    }
};

QTEST_GUILESS_MAIN(TestPacking)
#include "test_packing.moc"
