// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/bounded.h"
#include "core/transport/ioloop.h"
#include "core/transport/uvhandle.h"

#include <QTest>

#include <sys/socket.h>
#include <unistd.h>

using namespace pilothouse;

class TestIoLoop : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void postedWorkRunsInOrderOnOneThread()
    {
        Reply<QList<int>> reply;
        auto seen = std::make_shared<QList<int>>();
        for (int i = 0; i < 1000; ++i)
            IoLoop::instance().post([seen, i] {
                if (IoLoop::instance().onThread())
                    seen->append(i);
            });
        IoLoop::instance().post([seen, reply] { reply.finish(*seen); });
        const auto result = QCoro::waitFor(bounded(Context(), reply, QStringLiteral("test"), {}));
        QVERIFY(result);
        QCOMPARE(result->size(), 1000);
        QVERIFY(std::is_sorted(result->begin(), result->end()));
        QVERIFY(!IoLoop::instance().onThread());
    }

    void aHandlerMayDestroyItsOwnPoller()
    {
        int pair[2];
        QCOMPARE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
        Reply<int> reply;
        IoLoop::instance().post([reply, fd = pair[0]] {
            auto poller = std::make_shared<std::unique_ptr<Poller>>();
            *poller = std::make_unique<Poller>(fd, [reply, poller](int events) {
                poller->reset();
                reply.finish(events);
            });
            (*poller)->watch(Poller::Readable);
        });
        QCOMPARE(::write(pair[1], "x", 1), 1);
        const auto events = QCoro::waitFor(bounded(Context(), reply, QStringLiteral("test"), {}));
        QCOMPARE(events.value(), int(Poller::Readable));
        ::close(pair[0]);
        ::close(pair[1]);
    }

    void timersFireAndRepeat()
    {
        Reply<int> reply;
        IoLoop::instance().post([reply] {
            auto timer = std::make_shared<LoopTimer>();
            auto count = std::make_shared<int>(0);
            timer->start(
                std::chrono::milliseconds(1),
                [reply, timer, count] {
                    if (++*count == 3) {
                        timer->reset();
                        reply.finish(*count);
                    }
                },
                std::chrono::milliseconds(1));
        });
        const auto fired = QCoro::waitFor(bounded(Context(), reply, QStringLiteral("test"), {}));
        QCOMPARE(fired.value(), 3);
    }

    void stopAndDeadlineEndTheWaitAndReachTheThread()
    {
        std::stop_source source;
        Reply<> never;
        Reply<> aborted;
        auto waiting = bounded(Context(source.get_token()), never, QStringLiteral("here"),
            [aborted] { aborted.finish({}); });
        source.request_stop();
        const auto result = QCoro::waitFor(waiting);
        QCOMPARE(result.error().kind, ErrorKind::Cancelled);
        QCOMPARE(result.error().stage, QStringLiteral("here"));
        QVERIFY(QCoro::waitFor(bounded(Context(), aborted, QStringLiteral("test"), {})));

        Reply<> late;
        const Context due = Context().within(std::chrono::milliseconds(5));
        const auto timeout = QCoro::waitFor(bounded(due, late, QStringLiteral("here"), {}));
        QCOMPARE(timeout.error().kind, ErrorKind::Timeout);
    }

    // Last: the loop does not come back.
    void stopClosesWhatIsOpenAndEndsWaiters()
    {
        int pair[2];
        QCOMPARE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
        auto poller = std::make_shared<Poller>();
        auto timer = std::make_shared<LoopTimer>();
        Reply<> started;
        IoLoop::instance().post([poller, timer, started, fd = pair[0]] {
            *poller = Poller(fd, [](int) {});
            poller->watch(Poller::Readable);
            timer->start(std::chrono::hours(1), [] {});
            started.finish({});
        });
        QVERIFY(QCoro::waitFor(bounded(Context(), started, QStringLiteral("test"), {})));
        IoLoop::instance().stop();
        poller.reset();
        timer.reset();
        QFuture<Result<>> future;
        {
            Reply<> reply;
            future = reply.future();
            IoLoop::instance().post([reply] { reply.finish({}); });
        }
        QVERIFY(future.isFinished());
        QCOMPARE(future.result().error().kind, ErrorKind::Cancelled);
        ::close(pair[0]);
        ::close(pair[1]);
    }
};

QTEST_GUILESS_MAIN(TestIoLoop)
#include "test_ioloop.moc"
