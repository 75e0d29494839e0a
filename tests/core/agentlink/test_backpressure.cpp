// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/ioloop.h"
#include "tests/support/liveagent.h"

#include <QFile>
#include <QTest>

#include <QThread>
#include <malloc.h>

using namespace pilothouse;

/// A main thread that is busy does not make us, or the agent, keep what it does not take.
class TestBackPressure : public QObject {
    Q_OBJECT
    static constexpr qint64 logBytes = 200'000'000;

    /// Resident memory of a process in bytes.
    static qint64 residentBytes(const QString &process)
    {
        QFile file(QStringLiteral("/proc/%1/statm").arg(process));
        return file.open(QFile::ReadOnly) ? file.readAll().split(' ').value(1).toLongLong() * 4096
                                          : 0;
    }

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }
    void cleanupTestCase()
    {
        stopAgentThreads();
        IoLoop::instance().stop();
    }

    void aLogThatIsNotReadStaysWhereItIs()
    {
        AgentHome home;
        auto live = connectAgent();
        QVERIFY2(live.client, qPrintable(live.trouble));
        QVERIFY(QCoro::waitFor(live.client->hello(Context())));
        JobSpec spec;
        spec.name = QStringLiteral("big");
        spec.argv = QStringList{QStringLiteral("head"), QStringLiteral("-c"),
            QString::number(logBytes), QStringLiteral("/dev/zero")};
        const QString id = QStringLiteral("big");
        QVERIFY(QCoro::waitFor(live.client->submit(Context(), PermitForTests::make(), id, spec)));
        QVERIFY(eventually([&] {
            const auto jobs = QCoro::waitFor(live.client->jobs(Context(), {id}));
            return jobs && jobs->value(0).state == JobState::Succeeded;
        }));
        const QString self = QStringLiteral("self");
        const QString daemon = QString::number(home.daemonPid());
        const qint64 before = residentBytes(self), daemonBefore = residentBytes(daemon);
        qint64 received = 0;
        bool complete = false;
        LogHandlers log;
        log.data = [&](quint64 offset, const QByteArray &data) {
            QCOMPARE(qint64(offset), received);
            received += data.size();
        };
        log.ended = [&](bool whole, const std::optional<Error> &) { complete = whole; };
        const auto reading = live.client->readLog(id, 0, true, 0, log);
        // The event loop does not run while the gRPC threads do; they fill what they may fill.
        qint64 last = -1;
        for (int same = 0; same < 10; QThread::msleep(100)) {
            const qint64 now = residentBytes(self) + residentBytes(daemon);
            same = std::llabs(now - last) < 1'000'000 ? same + 1 : 0;
            last = now;
        }
        QCOMPARE(received, 0);
        const qint64 grown = residentBytes(self) - before;
        const qint64 daemonGrown = residentBytes(daemon) - daemonBefore;
#ifdef __SANITIZE_ADDRESS__ // which keeps freed memory for a while
        const qint64 most = logBytes / 2;
#else
        const qint64 most = logBytes / 4;
#endif
        QVERIFY2(grown < most, qPrintable(QString::number(grown)));
        QVERIFY2(daemonGrown < most, qPrintable(QString::number(daemonGrown)));
        QVERIFY(eventually([&] { return complete; }));
        QCOMPARE(received, logBytes);
#ifndef __SANITIZE_ADDRESS__
        ::malloc_trim(0); // so do the arenas of the threads that brought it
        QVERIFY(residentBytes(self) - before < logBytes / 4);
#endif
    }
};

QTEST_GUILESS_MAIN(TestBackPressure)
#include "test_backpressure.moc"
