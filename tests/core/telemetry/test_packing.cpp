// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
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
        auto store = openStore(m_folder->path(), std::move(options));
        return store ? std::move(*store) : nullptr;
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
    bool isUnfinished() const
    {
        return QFile::exists(m_folder->filePath(QStringLiteral("packed.part")));
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
