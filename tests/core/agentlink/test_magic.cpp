// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/wire/magic.h"
#include "core/agentlink/agentchannel.h"
#include "core/transport/ioloop.h"

#include <QTest>
#include <QTimer>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace pilothouse;

class TestMagic : public QObject {
    Q_OBJECT
    Descriptor m_ours, m_theirs;

    void say(const QByteArray &text)
    {
        QCOMPARE(::write(m_theirs.get(), text.constData(), std::size_t(text.size())),
            ssize_t(text.size()));
    }
    static QByteArray magic()
    {
        return QByteArray(wire::magic.data(), qsizetype(wire::magic.size()));
    }
    QByteArray rest()
    {
        char buffer[64];
        const auto got = ::recv(m_ours.get(), buffer, sizeof buffer, MSG_DONTWAIT);
        return got > 0 ? QByteArray(buffer, qsizetype(got)) : QByteArray();
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        int ends[2];
        QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
        const int room = 1 << 20;
        ::setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
        m_ours = Descriptor(ends[0]);
        m_theirs = Descriptor(ends[1]);
    }
    void cleanupTestCase() { IoLoop::instance().stop(); }

    void bytesAfterTheMagicStay()
    {
        say(magic() + "PRI * HTTP/2.0");
        QVERIFY(QCoro::waitFor(awaitMagic(Context(), m_ours.get())));
        QCOMPARE(rest(), QByteArray("PRI * HTTP/2.0"));
    }

    void noiseInFrontIsDropped()
    {
        say("Welcome to PILOTHOUSE-AGENT!\r\nPILOTHOUSE-AGENT 2\nPILOTHOUSE-" + magic() + "x");
        QVERIFY(QCoro::waitFor(awaitMagic(Context(), m_ours.get())));
        QCOMPARE(rest(), QByteArray("x"));
    }

    void magicInPiecesIsFound()
    {
        say("noise\n");
        QList<QByteArray> pieces;
        const QByteArray text = magic() + "y";
        for (const char c : text)
            pieces << QByteArray(1, c);
        QTimer timer;
        connect(&timer, &QTimer::timeout, this, [&] {
            if (!pieces.isEmpty())
                say(pieces.takeFirst());
        });
        timer.start(2);
        QVERIFY(QCoro::waitFor(awaitMagic(Context(), m_ours.get())));
        while (!pieces.isEmpty())
            say(pieces.takeFirst());
        QCOMPARE(rest(), QByteArray("y"));
    }

    void noiseUpToTheLimitIsDropped()
    {
        say(QByteArray(64 * 1024, '.') + magic() + "z");
        QVERIFY(QCoro::waitFor(awaitMagic(Context(), m_ours.get())));
        QCOMPARE(rest(), QByteArray("z"));
    }

    void moreNoiseIsAnError()
    {
        say("first line\n" + QByteArray(64 * 1024, '.') + magic());
        const auto result = QCoro::waitFor(awaitMagic(Context(), m_ours.get()));
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::BadReply);
        QVERIFY(result.error().message.contains(QLatin1String("64 KB")));
        QVERIFY(result.error().cause.startsWith(QLatin1String("first line")));
    }

    void endWithoutMagicShowsWhatWasSaid()
    {
        say("This account is currently not available.\n");
        m_theirs = Descriptor();
        const auto result = QCoro::waitFor(awaitMagic(Context(), m_ours.get()));
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::BadReply);
        QCOMPARE(result.error().cause, QStringLiteral("This account is currently not available."));
    }

    void stopAndDeadlineEndTheWait()
    {
        std::stop_source source;
        QTimer::singleShot(5, this, [&] { source.request_stop(); });
        const Context stopped(source.get_token());
        auto result = QCoro::waitFor(awaitMagic(stopped, m_ours.get()));
        QCOMPARE(result.error().kind, ErrorKind::Cancelled);
        const auto due = Context().within(std::chrono::milliseconds(5));
        result = QCoro::waitFor(awaitMagic(due, m_ours.get()));
        QCOMPARE(result.error().kind, ErrorKind::Timeout);
        // Whoever gave up no longer takes from it.
        say(magic());
        QVERIFY(QCoro::waitFor(awaitMagic(Context(), m_ours.get())));
    }

    void descriptorMayGoMeanwhile()
    {
        auto task = awaitMagic(Context(), m_ours.get());
        m_ours = Descriptor(); // the reader has its own copy
        m_theirs = Descriptor();
        const auto result = QCoro::waitFor(std::move(task));
        QCOMPARE(result.error().kind, ErrorKind::BadReply);
    }
};

QTEST_GUILESS_MAIN(TestMagic)
#include "test_magic.moc"
