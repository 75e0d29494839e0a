// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <cerrno>

#include <sys/syscall.h>
#include <unistd.h>

using namespace pilothouse;

static std::atomic<off_t> unreadableFrom{std::numeric_limits<off_t>::max()};

/// Takes the C library's place in this program: a disk with bad sectors from an offset on.
extern "C" ssize_t pread(int descriptor, void *to, size_t size, off_t offset)
{
    const off_t readable = unreadableFrom.load() - offset;
    if (readable > 0)
        return ::syscall(SYS_pread64, descriptor, to, std::min(size, size_t(readable)), offset);
    errno = EIO;
    return -1;
}

/// Segments that were cut off, whose bits flipped, or that the disk does not give.
class TestDamage : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;

    static std::unique_ptr<TelemetryStore> opened(
        const QString &folder, StoreOptions options = fixedClock())
    {
        return openedStore(folder, std::move(options));
    }
    static SeriesId seriesA(TelemetryStore &store)
    {
        return store.series(gauge(QStringLiteral("t"), QStringLiteral("a")));
    }
    static SeriesId seriesB(TelemetryStore &store)
    {
        return store.series(gauge(QStringLiteral("t"), QStringLiteral("b"), StoredKind::Counter));
    }
    static bool fill(TelemetryStore &store, int from, int to)
    {
        std::vector<StoreTick> ticks;
        for (int i = from; i < to; ++i)
            ticks.push_back({start + i * 1000, {double(i), double(i % 7 + i * 3)}});
        store.append({seriesA(store), seriesB(store)}, ticks);
        return QCoro::waitFor(store.flush()).has_value();
    }
    /// Rows of the gauge that are read, column by column.
    static quint32 countOf(TelemetryStore &store, int columns = 1)
    {
        quint32 count = 0;
        const auto all = ask(store, seriesA(store), start - 1000, start + 9'999'000, columns);
        for (const auto &column : all.columns)
            count += column.count;
        return count;
    }
    /// One small segment with blocks of `blockRows` rows, as bytes.
    QByteArray smallSegment(int rows, int blockRows) const
    {
        auto options = fixedClock();
        options.blockRows = blockRows;
        {
            auto store = opened(m_folder->path(), options);
            if (!fill(*store, 0, rows))
                return {};
        }
        opened(m_folder->path(), options).reset(); // moves the journal into the segment
        QFile file(path(1));
        return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
    }
    QString path(int number) const
    {
        return m_folder->path() + QStringLiteral("/00000000000%1.seg").arg(number);
    }
    bool put(const QByteArray &bytes) const
    {
        const QDir folder(m_folder->path());
        for (const auto &name : folder.entryList(QDir::Files))
            QFile::remove(folder.filePath(name));
        QFile file(path(1));
        return file.open(QFile::WriteOnly) && file.write(bytes) == bytes.size();
    }
    static QByteArray flipped(QByteArray bytes, quint32 bit)
    {
        bytes[qsizetype(bit / 8)] = char(bytes[qsizetype(bit / 8)] ^ (1 << (bit % 8)));
        return bytes;
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void cutAtEveryByteStillOpens_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("blockRows");
        QTest::addRow("blocks of one page") << 80 << 16;
        QTest::addRow("blocks of pages and levels") << 4400 << 2200;
    }
    void cutAtEveryByteStillOpens()
    {
        QFETCH(int, rows);
        QFETCH(int, blockRows);
        const auto whole = smallSegment(rows, blockRows);
        QVERIFY(whole.size() > 500);
        quint32 most = 0;
        for (qsizetype size = 0; size <= whole.size(); ++size) {
            QVERIFY(put(whole.first(size)));
            auto store = opened(m_folder->path());
            const auto count = countOf(*store, 3);
            // Whole blocks, never fewer than with less.
            QVERIFY(count % quint32(blockRows) == 0 && count >= most);
            most = count;
            if (size == whole.size())
                QCOMPARE(store->damage(), QStringList());
            QVERIFY(fill(*store, 5000, 5001)); // and goes on
            QCOMPARE(countOf(*store), count + 1);
        }
        QCOMPARE(most, quint32(rows));
    }

    void flippedBitsAreReportedAndTheRestIsRead()
    {
        const auto whole = smallSegment(80, 16);
        std::mt19937 random(11);
        for (int round = 0; round < 2000; ++round) {
            const auto bit = random() % (quint32(whole.size()) * 8);
            QVERIFY(put(flipped(whole, bit)));
            auto store = opened(m_folder->path());
            const auto count = countOf(*store);
            QVERIFY2(!store->damage().isEmpty(), qPrintable(QString::number(bit)));
            // One block, or all when the definition of the series is hit.
            QVERIFY2(count == 64 || bit / 8 < 240,
                qPrintable(QStringLiteral("%1 at bit %2").arg(count).arg(bit)));
        }
    }

    void whatTheDiskDoesNotGiveIsNotWrittenOver()
    {
        const auto whole = smallSegment(80, 16);
        const auto rest = [&] {
            QFile file(path(1));
            return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
        };
        for (const auto from : {qsizetype(0), whole.size() / 2, whole.size() - 1}) {
            QVERIFY(put(whole));
            unreadableFrom = from;
            quint32 readable = 0;
            {
                auto store = opened(m_folder->path());
                unreadableFrom = std::numeric_limits<off_t>::max();
                readable = countOf(*store);
                QVERIFY(readable < 80 && readable % 16 == 0 && (readable > 0 || from == 0));
                QVERIFY2(!store->damage().isEmpty(), qPrintable(QString::number(from)));
                QVERIFY(store->damage().last().startsWith(QStringLiteral("000000000001.seg")));
                if (from < whole.size() - 1)
                    QVERIFY2(store->damage().last().contains(QStringLiteral("Input/output error")),
                        qPrintable(store->damage().last()));
                QVERIFY(fill(*store, 5000, 5001));
            }
            QVERIFY(opened(m_folder->path())); // moves the journal into a segment
            QCOMPARE(rest().first(whole.size()), whole);
            auto store = opened(m_folder->path()); // the disk gives it all again
            QCOMPARE(countOf(*store), 81u);
            QCOMPARE(store->damage(), QStringList());
        }
    }

    /// A segment that is not the newest is not checked as a whole when it opens: damage is found
    /// when it is read, and takes no more with it than it must.
    void flippedBitsOfPagesAndLevelsAreReported()
    {
        constexpr int rows = 4400, block = 2200;
        const auto whole = smallSegment(rows, block);
        std::mt19937 random(12);
        auto options = fixedClock();
        options.hotBytes = 1 << 12; // all from disk
        options.segmentSpan = 1; // what is new goes into a segment of its own
        int pages = 0;
        for (int round = 0; round < 2000; ++round) {
            const auto bit = random() % (quint32(whole.size()) * 8);
            QVERIFY(put(flipped(whole, bit)));
            QVERIFY(QFile(path(2)).open(QFile::WriteOnly));
            auto store = opened(m_folder->path(), options);
            const auto count = countOf(*store, 10'000);
            ask(*store, seriesB(*store), start - 1000, start + 9'999'000, 10'000);
            ask(*store, seriesB(*store), start - 1000, start + 9'999'000, 3);
            QVERIFY2(!store->damage().isEmpty(), qPrintable(QString::number(bit)));
            QVERIFY2(count == rows || count == rows - 1024 || count == rows - (block - 2048)
                    || count == block || bit / 8 < 240,
                qPrintable(QStringLiteral("%1 at bit %2").arg(count).arg(bit)));
            pages += count > block && count < rows;
        }
        QVERIFY(pages > 100); // only a page was lost
    }
};

QTEST_GUILESS_MAIN(TestDamage)
#include "test_damage.moc"
