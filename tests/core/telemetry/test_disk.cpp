// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "reference.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>

#include <iostream>

#include <signal.h>
#include <sys/mount.h>
#include <unistd.h>

using namespace pilothouse;

/// The child of some tests: appends forever and says on stdout which tick is flushed.
static int writeForever(const QString &folder)
{
    auto opened = openStore(folder, fixedClock());
    if (!opened || !(*opened)->writable())
        return 2;
    auto &store = **opened;
    const auto id = store.series(gauge(QStringLiteral("t"), QStringLiteral("a")));
    for (int i = 0;; ++i) {
        store.append({id}, {{start + i * 1000, {double(i)}}});
        if (i % 50 == 49) {
            if (!QCoro::waitFor(store.flush()))
                return 3;
            std::cout << i << std::endl;
        }
    }
}

class TestDisk : public QObject {
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
    static bool fill(TelemetryStore &store, int from, int to)
    {
        std::vector<StoreTick> ticks;
        for (int i = from; i < to; ++i)
            ticks.push_back({start + i * 1000, {double(i)}});
        store.append({seriesA(store)}, ticks);
        return QCoro::waitFor(store.flush()).has_value();
    }
    static quint32 countOf(TelemetryStore &store)
    {
        const auto curve = ask(store, seriesA(store), start - 1000, start + 1'000'000'000, 1);
        return curve.columns.empty() ? 0 : curve.columns[0].count;
    }
private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void killedWriterLosesNothingFlushed()
    {
        QProcess child;
        child.start(QCoreApplication::applicationFilePath(),
            {QStringLiteral("--writer"), m_folder->path()});
        int flushed = -1;
        while (flushed < 2000) {
            QVERIFY(child.canReadLine() || child.waitForReadyRead(30000));
            while (child.canReadLine())
                flushed = child.readLine().trimmed().toInt();
        }
        {
            auto reader = opened(m_folder->path()); // beside the writer
            QVERIFY(reader && !reader->writable());
            QVERIFY(countOf(*reader) > quint32(flushed));
            const auto before = countOf(*reader);
            while (child.canReadLine() || child.waitForReadyRead(30000))
                if (child.readLine().trimmed().toInt() >= int(before) + 200)
                    break;
            QVERIFY(countOf(*reader) > before);
            QCOMPARE(reader->damage(), QStringList());
        }
        while (child.canReadLine())
            flushed = child.readLine().trimmed().toInt();
        ::kill(pid_t(child.processId()), SIGKILL);
        child.waitForFinished();
        for (const auto &line : child.readAll().split('\n'))
            flushed = std::max(flushed, line.trimmed().toInt());
        auto store = opened(m_folder->path());
        QVERIFY(store->writable());
        QVERIFY(countOf(*store) > quint32(flushed));
        QVERIFY(store->newestTime(QStringLiteral("t")) >= start + flushed * 1000);
    }

    void oldAndTooMuchIsDeleted()
    {
        auto options = fixedClock();
        options.segmentBytes = 8192;
        options.keepBytes = 60'000;
        options.blockRows = 256;
        {
            auto store = opened(m_folder->path(), options);
            std::mt19937_64 random(2);
            std::vector<StoreTick> ticks;
            for (int i = 0; i < 20000; ++i)
                ticks.push_back({start + i * 1000, {double(random()) / 3}});
            store->append({seriesA(*store)}, ticks);
            QVERIFY(QCoro::waitFor(store->flush()).has_value());
        }
        // Judged when it opens; the journal is gone then.
        auto store = opened(m_folder->path(), options);
        const auto size = [this] {
            qint64 sum = 0;
            for (const auto &file : QDir(m_folder->path()).entryInfoList(QDir::Files))
                sum += file.size();
            return sum;
        };
        QVERIFY(fill(*store, 30000, 30001));
        QTRY_VERIFY(size() <= 60'000 + 8192);
        const auto curve = ask(*store, seriesA(*store), start, start + 20'000'000, 2);
        QVERIFY(curve.columns[0].count == 0);
        QVERIFY(curve.columns[1].count > 1000);
    }

    void fullDiskDropsTheOldest()
    {
        if (::geteuid() != 0)
            QSKIP("needs root to mount a small file system");
        const QByteArray folder = QFile::encodeName(m_folder->path());
        if (::mount("tmpfs", folder.constData(), "tmpfs", 0, "size=256k") != 0)
            QSKIP("needs root to mount a small file system");
        quint32 newest = 0, kept = 0;
        qint64 bytes = 0;
        QStringList damage;
        auto options = fixedClock();
        options.segmentBytes = 32 << 10;
        options.journalBytes = 64 << 10;
        options.blockRows = 2048;
        {
            options.hotBytes = 1 << 18; // what is older is read, and cached, from disk
            auto store = opened(m_folder->path(), options);
            std::mt19937_64 random(2);
            for (int i = 0; i < 200'000; i += 1000) {
                std::vector<StoreTick> ticks;
                for (int j = i; j < i + 1000; ++j)
                    ticks.push_back({start + j * 100, {double(random()) / 3}});
                store->append({seriesA(*store)}, ticks);
                ask(*store, seriesA(*store), start + (i - 12'000) * 100, start + i * 100, 50);
            }
            const bool ok = QCoro::waitFor(store->flush()).has_value();
            newest = ok ? ask(*store, seriesA(*store), start + 19'900'000, start + 20'000'000, 1)
                              .columns[0]
                              .count
                        : 0;
            damage = store->damage();
        }
        for (const auto &file : QDir(m_folder->path()).entryInfoList({QStringLiteral("*.seg")}))
            bytes += file.size();
        {
            options.hotBytes = 64 << 20;
            auto store = opened(m_folder->path(), options);
            kept = ask(*store, seriesA(*store), start + 19'300'000, start + 20'000'000, 1)
                       .columns[0]
                       .count;
        }
        QThreadPool::globalInstance()->waitForDone(); // the last reader's files are closed
        ::umount(folder.constData());
        QCOMPARE(newest, 1000u);
        // No more went than had to: a journal and the segment that is written need the rest.
        QVERIFY2(bytes > 64 << 10, qPrintable(QString::number(bytes)));
        QCOMPARE(kept, 7000u);
        // The oldest went, and the gap is said with its times.
        QCOMPARE(damage.size(), 1);
        QVERIFY2(damage[0].contains(QStringLiteral("disk is full"))
                && damage[0].contains(QStringLiteral("2023-11-14")),
            qPrintable(damage[0]));
    }
};

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    if (argc == 3 && qstrcmp(argv[1], "--writer") == 0)
        return writeForever(QString::fromLocal8Bit(argv[2]));
    TestDisk test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_disk.moc"
