// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/ioloop.h"
#include "tests/support/liveagent.h"

#include <QDateTime>
#include <QDir>
#include <QRandomGenerator>
#include <QTest>

using namespace pilothouse;

class TestAgentTransfers : public QObject {
    Q_OBJECT
    std::unique_ptr<AgentHome> m_home;
    QTemporaryDir m_here;
    LiveAgent m_live;
    AgentClient *m_agent = nullptr;
    QByteArray m_data;

    static bool write(const QString &path, const QByteArray &data)
    {
        QFile file(path);
        return file.open(QFile::WriteOnly) && file.write(data) == data.size();
    }
    static QByteArray read(const QString &path)
    {
        QFile file(path);
        return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray("missing");
    }
    static QStringList filesIn(const QString &folder)
    {
        return QDir(folder).entryList(QDir::Files | QDir::Hidden);
    }
    Result<> download(const QString &remote, const QString &local, Context context = {},
        std::function<void(qint64, qint64)> progress = {})
    {
        return QCoro::waitFor(m_agent->download(context, remote, local, std::move(progress)));
    }
    Result<> upload(const QString &local, const QString &remote, Context context = {},
        std::function<void(qint64, qint64)> progress = {})
    {
        return QCoro::waitFor(m_agent->uploadFile(
            context, PermitForTests::make(), local, remote, std::move(progress)));
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_home = std::make_unique<AgentHome>();
        m_live = connectAgent();
        QVERIFY2(m_live.client, qPrintable(m_live.trouble));
        m_agent = m_live.client.get();
        m_data.resize(24 * 1024 * 1024);
        QRandomGenerator random(7);
        random.fillRange(reinterpret_cast<quint32 *>(m_data.data()), m_data.size() / 4);
    }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void cleanupTestCase()
    {
        m_live = {};
        stopAgentThreads();
        IoLoop::instance().stop();
        m_home.reset();
    }

    void aFileComesWhole()
    {
        QVERIFY(write(m_home->path(QStringLiteral("big")), m_data));
        qint64 last = -1;
        const QString local = m_here.filePath(QStringLiteral("whole"));
        const auto done = download(
            QStringLiteral("~/big"), local, {}, [&](qint64 have, qint64) { last = have; });
        QVERIFY2(done, done ? "" : qPrintable(done.error().message + done.error().cause));
        QVERIFY(read(local) == m_data);
        QVERIFY(eventually([&] { return last == m_data.size(); }));
        QCOMPARE(filesIn(m_here.path()), QStringList{QStringLiteral("whole")});
    }

    void aStoppedDownloadGoesOn()
    {
        QTemporaryDir folder;
        const QString local = folder.filePath(QStringLiteral("part"));
        std::stop_source source;
        const auto stopped = download(
            QStringLiteral("~/big"), local, Context(source.get_token()), [&](qint64 have, qint64) {
                if (have > 0)
                    source.request_stop();
            });
        if (!stopped) { // it may have been faster than the stop
            QCOMPARE(stopped.error().kind, ErrorKind::Cancelled);
            QVERIFY(!QFile::exists(local));
        }
        qint64 first = -1;
        QVERIFY(download(QStringLiteral("~/big"), local, {}, [&](qint64 have, qint64) {
            if (first < 0)
                first = have;
        }));
        QVERIFY(read(local) == m_data);
        QVERIFY(eventually([&] { return first >= 0; }));
        if (!stopped)
            QVERIFY(first > 0); // what was there was not sent again
        QCOMPARE(filesIn(folder.path()), QStringList{QStringLiteral("part")});
    }

    void aDamagedPartialIsNotTrusted()
    {
        QTemporaryDir folder;
        const QString local = folder.filePath(QStringLiteral("x"));
        const auto hash = QCoro::waitFor(m_agent->hash(Context(), QStringLiteral("~/big")));
        QVERIFY(hash);
        QVERIFY(write(folder.filePath(QStringLiteral(".x.%1.partial").arg(hash->left(12))),
            QByteArray(1'000'000, '!')));
        const auto refused = download(QStringLiteral("~/big"), local);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Conflict);
        QCOMPARE(filesIn(folder.path()), QStringList());
        QVERIFY(download(QStringLiteral("~/big"), local));
        QVERIFY(read(local) == m_data);
    }

    void missingAndForbiddenAreSaid()
    {
        const auto missing
            = download(QStringLiteral("~/nothing"), m_here.filePath(QStringLiteral("y")));
        QVERIFY(!missing);
        QCOMPARE(missing.error().kind, ErrorKind::NotFound);
        const auto nowhere = download(QStringLiteral("~/big"), QStringLiteral("/proc/nowhere/y"));
        QVERIFY(!nowhere);
        QCOMPARE(nowhere.error().kind, ErrorKind::Denied);
        QVERIFY(!upload(m_here.filePath(QStringLiteral("nothing")), QStringLiteral("~/z")));
    }

    void aFileGoesWhole()
    {
        const QString local = m_here.filePath(QStringLiteral("up"));
        QVERIFY(write(local, m_data));
        const auto done = upload(local, QStringLiteral("~/up"));
        QVERIFY2(done, done ? "" : qPrintable(done.error().message + done.error().cause));
        QVERIFY(read(m_home->path(QStringLiteral("up"))) == m_data);
        // Once more: nothing has to be sent.
        QVERIFY(upload(local, QStringLiteral("~/up")));
    }

    void modesAndTimesAreKeptBothWays()
    {
        const QString local = m_here.filePath(QStringLiteral("dressed"));
        const QDateTime then = QDateTime::fromMSecsSinceEpoch(1'500'000'000'123);
        const auto mode = QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner;
        const auto dress = [&](const QDateTime &time) {
            QFile file(local);
            return file.open(QFile::ReadWrite) && file.setPermissions(mode)
                && file.setFileTime(time, QFile::FileModificationTime);
        };
        QVERIFY(write(local, m_data.left(9'000'001)) && dress(then));
        QVERIFY(upload(local, QStringLiteral("~/dressed")));
        const QFileInfo there(m_home->path(QStringLiteral("dressed")));
        QCOMPARE(there.lastModified(), then);
        QVERIFY(there.permission(mode) && !there.permission(QFile::ReadGroup));
        // The same content with another time: nothing is sent, the time goes over.
        QVERIFY(dress(then.addDays(1)) && upload(local, QStringLiteral("~/dressed")));
        QCOMPARE(QFileInfo(there.filePath()).lastModified(), then.addDays(1));
        const QString back = m_here.filePath(QStringLiteral("dressed-back"));
        QVERIFY(download(QStringLiteral("~/dressed"), back));
        QVERIFY(read(back) == m_data.left(9'000'001));
        QCOMPARE(QFileInfo(back).lastModified(), then.addDays(1));
        QVERIFY(QFileInfo(back).permission(mode) && !QFileInfo(back).permission(QFile::ReadGroup));
    }

    void aLongFolderIsListedByPages()
    {
        const QString folder = m_home->path(QStringLiteral("many"));
        QVERIFY(QDir().mkpath(folder));
        for (int i = 0; i < 10'050; ++i)
            QVERIFY(write(folder + QLatin1Char('/') + QString::number(i), {}));
        const auto listed
            = QCoro::waitFor(m_agent->listFolder(Context(), QStringLiteral("~/many")));
        QVERIFY(listed);
        QCOMPARE(listed->size(), 10'050);
    }

    void anEmptyFileGoesAndComes()
    {
        const QString local = m_here.filePath(QStringLiteral("empty"));
        QVERIFY(write(local, {}));
        QVERIFY(upload(local, QStringLiteral("~/empty")));
        QCOMPARE(read(m_home->path(QStringLiteral("empty"))), QByteArray());
        QVERIFY(download(QStringLiteral("~/empty"), m_here.filePath(QStringLiteral("empty2"))));
        QCOMPARE(read(m_here.filePath(QStringLiteral("empty2"))), QByteArray());
    }

    void anUploadIsStoppedAtEveryTenthAndGoesOn()
    {
        const QString local = m_here.filePath(QStringLiteral("tenths"));
        const QString there = m_home->path(QStringLiteral("tenths"));
        QVERIFY(write(local, m_data));
        int stops = 0;
        for (int tenth = 1; tenth < 10; ++tenth) {
            std::stop_source source;
            const qint64 limit = m_data.size() * tenth / 10;
            const auto result = upload(local, QStringLiteral("~/tenths"),
                Context(source.get_token()), [&, limit](qint64 sent, qint64) {
                    if (sent >= limit)
                        source.request_stop();
                });
            stops += result ? 0 : 1;
            if (!result) {
                QCOMPARE(result.error().kind, ErrorKind::Cancelled);
                QVERIFY(!QFile::exists(there)); // never half a file under its name
            }
        }
        QVERIFY(upload(local, QStringLiteral("~/tenths")));
        QVERIFY(read(there) == m_data);
        QVERIFY(stops > 0);
    }

    void rangesComeInTheirOrder()
    {
        QList<ByteRange> ranges;
        for (const auto &[offset, length] : {std::pair(100, 10), std::pair(5'000'000, 2'000'000),
                 std::pair(0, 1), std::pair(int(m_data.size()) - 5, 0)}) {
            ByteRange range;
            range.path = QStringLiteral("~/big");
            range.offset = quint64(offset);
            range.length = quint64(length);
            ranges << range;
        }
        const auto data = QCoro::waitFor(m_agent->readRanges(Context(), ranges));
        QVERIFY(data);
        QCOMPARE(data->size(), 4);
        QVERIFY(data->at(0) == m_data.mid(100, 10));
        QVERIFY(data->at(1) == m_data.mid(5'000'000, 2'000'000));
        QVERIFY(data->at(2) == m_data.left(1));
        QVERIFY(data->at(3) == m_data.right(5));
        ranges[0].path = QStringLiteral("~/nothing");
        QCOMPARE(QCoro::waitFor(m_agent->readRanges(Context(), ranges)).error().kind,
            ErrorKind::NotFound);
    }

    void foldersAndStats()
    {
        const auto listed = QCoro::waitFor(m_agent->listFolder(Context(), QStringLiteral("~")));
        QVERIFY(listed);
        const auto big = std::find_if(listed->begin(), listed->end(),
            [](const FileInfo &info) { return info.path.endsWith(QLatin1String("big")); });
        QVERIFY(big != listed->end());
        QCOMPARE(big->size, quint64(m_data.size()));
        const QStringList paths{QStringLiteral("~/big"), QStringLiteral("~/nothing")};
        const auto stats = QCoro::waitFor(m_agent->stat(Context(), paths));
        QVERIFY(stats);
        QCOMPARE(stats->at(0).kind, QStringLiteral("file"));
        QVERIFY(stats->at(1).kind.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestAgentTransfers)
#include "test_agenttransfers.moc"
