// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/context.h"
#include "core/base/foreachlimited.h"
#include "core/base/offload.h"
#include "core/base/units.h"

#include <QTest>
#include <QThread>

using namespace pilothouse;

class TestBase : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void replyAnswersFromAnotherThread()
    {
        Reply<int> reply;
        auto future = reply.future();
        std::unique_ptr<QThread> thread(QThread::create([reply] { reply.finish(7); }));
        thread->start();
        auto task = [](QFuture<Result<int>> f) -> Task<Result<int>> { co_return co_await f; };
        const auto result = QCoro::waitFor(task(future));
        QCOMPARE(*result, 7);
        thread->wait();
    }

    void replyDroppedIsCancelled()
    {
        QFuture<Result<>> future;
        {
            Reply<> reply;
            future = reply.future();
        }
        auto task = [](QFuture<Result<>> f) -> Task<Result<>> { co_return co_await f; };
        const auto result = QCoro::waitFor(task(future));
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::Cancelled);
    }

    void replyFinishesOnce()
    {
        Reply<int> reply;
        reply.finish(1);
        reply.finish(2);
        auto task = [](QFuture<Result<int>> f) -> Task<Result<int>> { co_return co_await f; };
        QCOMPARE(*QCoro::waitFor(task(reply.future())), 1);
    }

    void replyWakesItsWaiterOnTheMainThread()
    {
        auto task = [](Reply<int> reply, QThread **where) -> Task<Result<int>> {
            auto answer = reply.answer();
            const auto result = co_await answer;
            *where = QThread::currentThread();
            co_return result;
        };
        Reply<int> reply;
        QThread *where = nullptr;
        auto waiting = task(reply, &where);
        QVERIFY(!reply.isFinished());
        std::unique_ptr<QThread> thread(QThread::create([reply] { reply.finish(7); }));
        thread->start();
        thread->wait();
        QVERIFY(reply.isFinished());
        QVERIFY(!where); // from the event loop only, never inside finish()
        QCOMPARE(*QCoro::waitFor(waiting), 7);
        QCOMPARE(where, QThread::currentThread());
        QCOMPARE(*QCoro::waitFor(task(reply, &where)), 7); // there already
        QCOMPARE(*reply.future().result(), 7);
    }

    void offloadRunsElsewhere()
    {
        auto task = []() -> Task<bool> {
            auto *main = QThread::currentThread();
            auto work = offload([main] { return QThread::currentThread() != main; });
            co_return co_await std::move(work);
        };
        QVERIFY(QCoro::waitFor(task()));
    }

    void forEachLimitedRunsAllAndKeepsTheLimit()
    {
        int running = 0, most = 0, done = 0;
        auto one = [&](int) -> Task<> {
            most = std::max(most, ++running);
            auto work = offload([] { return 0; });
            co_await std::move(work);
            --running;
            ++done;
        };
        QCoro::waitFor(forEachLimited(std::vector<int>(20, 1), 3, one));
        QCOMPARE(done, 20);
        QCOMPARE(most, 3);
    }

    void contextKeepsTheEarlierDeadline()
    {
        const Context context({}, QDeadlineTimer(50));
        QVERIFY(context.within(std::chrono::hours(1)).deadline().remainingTime() <= 50);
        QVERIFY(context.within(std::chrono::milliseconds(0)).expired());
    }

    void valuesHaveUnits_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("unit");
        QTest::addColumn<QString>("text");
        QTest::newRow("memory") << 80.0 * 1024 * 1024 * 1024 << QStringLiteral("bytes")
                                << QStringLiteral("80.0 GiB");
        QTest::newRow("ratio") << 0.98 << QStringLiteral("ratio") << QStringLiteral("98 %");
        QTest::newRow("small ratio") << 0.021 << QStringLiteral("ratio") << QStringLiteral("2.1 %");
        QTest::newRow("power") << 640.0 << QStringLiteral("watts") << QStringLiteral("640 W");
        QTest::newRow("heat") << 61.4 << QStringLiteral("celsius") << QStringLiteral("61 °C");
        QTest::newRow("clock") << 1.98e9 << QStringLiteral("hertz") << QStringLiteral("1,980 MHz");
        QTest::newRow("net") << 41e6 << QStringLiteral("bytes_per_second")
                             << QStringLiteral("41.0 MB/s");
        QTest::newRow("unknown") << qQNaN() << QStringLiteral("watts") << QStringLiteral("–");
    }
    void valuesHaveUnits()
    {
        QFETCH(double, value);
        QFETCH(QString, unit);
        QFETCH(QString, text);
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        QCOMPARE(formatValue(value, unit).replace(QChar(0xA0), QLatin1Char(' ')), text);
    }
};

QTEST_GUILESS_MAIN(TestBase)
#include "test_base.moc"
