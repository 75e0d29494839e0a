// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/ioloop.h"
#include "tests/core/transport/sshtest.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QThread>

#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace pilothouse;

// One server, one connection for most tests: what a session carries.
class TestLibssh : public QObject {
    Q_OBJECT
    Sshd m_sshd;
    FakePrompter m_prompter;
    std::shared_ptr<Transport> m_transport;

    void connectOnce()
    {
        const auto connected = connectNow(m_sshd.host(), &m_prompter);
        QVERIFY2(connected,
            connected ? "" : qPrintable(connected.error().message + connected.error().cause));
        m_transport = connected->transport;
    }
    Result<Output> runNow(Command command, Context context = {})
    {
        return QCoro::waitFor(m_transport->run(context, std::move(command)));
    }
    static bool gone(const QByteArray &pid)
    {
        QFile stat(QStringLiteral("/proc/%1/stat").arg(QString::fromLatin1(pid.trimmed())));
        return !stat.open(QFile::ReadOnly) || stat.readAll().contains(") Z ");
    }
    QByteArray contentOf(const char *name)
    {
        QFile file(m_sshd.file(QString::fromLatin1(name)));
        return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!Sshd::missing().isEmpty())
            QSKIP(qPrintable(Sshd::missing()));
        QVERIFY2(m_sshd.start(), m_sshd.log().constData());
        m_sshd.makeKnown();
    }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        if (!m_transport)
            connectOnce();
    }
    void cleanupTestCase()
    {
        m_transport.reset();
        IoLoop::instance().stop();
    }

    void runGivesOutputAndExitCode()
    {
        const auto output = runNow(shellCommand("cat; echo oops >&2; exit 3", "in\n"));
        QVERIFY(output);
        QCOMPARE(output->exitCode, 3);
        QCOMPARE(output->out, QByteArray("in\n"));
        QCOMPARE(output->err, QByteArray("oops\n"));
        QCOMPARE(runNow(Command(QStringLiteral("no-such-program")))->exitCode, 127);
        QCOMPARE(runNow(shellCommand("kill -TERM $$"))->signal, SIGTERM);
    }

    void argumentsArriveUnchanged()
    {
        const QStringList hostile{QStringLiteral("it's $(id) `id` \"x\" \\ !!"),
            QStringLiteral("two\nlines"), QString(), QStringLiteral("中文")};
        const auto output = runNow(
            Command(QStringLiteral("printf"), QStringList{QStringLiteral("%s\\0")} + hostile));
        QByteArray wanted;
        for (const auto &word : hostile)
            wanted += word.toUtf8() + '\0';
        QCOMPARE(output->out, wanted);
    }

    void bigInputAndOutputAreWhole()
    {
        QByteArray data(6'000'000, Qt::Uninitialized);
        for (qsizetype i = 0; i < data.size(); ++i)
            data[i] = char(i * 7 + i / 251);
        const auto output = runNow(Command(QStringLiteral("cat"), {}, data));
        QVERIFY(output->out == data);
        const auto much
            = runNow(shellCommand("head -c 9000000 /dev/zero; head -c 9000000 /dev/zero >&2"));
        QCOMPARE(much->out.size(), 8 * 1024 * 1024);
        QCOMPARE(much->err.size(), 8 * 1024 * 1024);
        QVERIFY(much->cut);
    }

    void fiftyAtOnceShareTheSession()
    {
        std::vector<Task<Result<Output>>> running;
        for (int i = 0; i < 50; ++i)
            running.push_back(
                m_transport->run(Context(), Command(QStringLiteral("echo"), {QString::number(i)})));
        for (int i = 0; i < 50; ++i) {
            const auto output = QCoro::waitFor(running[std::size_t(i)]);
            QVERIFY2(
                output, output ? "" : qPrintable(output.error().message + output.error().cause));
            QCOMPARE(output->out, QByteArray::number(i) + '\n');
        }
    }

    void cancelReachesTheProcess_data()
    {
        QTest::addColumn<bool>("byDeadline");
        QTest::newRow("stop") << false;
        QTest::newRow("deadline") << true;
    }
    void cancelReachesTheProcess()
    {
        QFETCH(bool, byDeadline);
        std::stop_source source;
        const QString pids = m_sshd.file(QStringLiteral("pids"));
        QFile::remove(pids);
        const Context context(source.get_token(),
            byDeadline ? QDeadlineTimer(1500) : QDeadlineTimer(QDeadlineTimer::Forever));
        const QByteArray script = "sleep 1000 & echo $! $$ > " + pids.toUtf8() + "; wait";
        auto running = m_transport->run(context, shellCommand(script.constData()));
        QTRY_VERIFY(contentOf("pids").endsWith('\n'));
        if (!byDeadline)
            source.request_stop();
        const auto result = QCoro::waitFor(running);
        QCOMPARE(result.error().kind, byDeadline ? ErrorKind::Timeout : ErrorKind::Cancelled);
        for (const QByteArray &pid : contentOf("pids").split(' '))
            QTRY_VERIFY(gone(pid));
        QVERIFY(runNow(Command(QStringLiteral("true")))); // the session lives
    }

    void openCarriesBothWaysByteEqual()
    {
        QByteArray data(20'000'000, Qt::Uninitialized);
        quint32 seed = 1;
        for (qsizetype i = 0; i < data.size(); ++i)
            data[i] = char((seed = seed * 1664525 + 1013904223) >> 24);
        auto opened = QCoro::waitFor(m_transport->open(Context(), Command(QStringLiteral("cat"))));
        QVERIFY(opened);
        const int fd = (*opened)->get();
        std::unique_ptr<QThread> writer(QThread::create([fd, &data] {
            for (qsizetype at = 0; at < data.size();) {
                const ssize_t sent = ::send(
                    fd, data.constData() + at, std::size_t(data.size() - at), MSG_NOSIGNAL);
                if (sent <= 0)
                    return;
                at += sent;
            }
            ::shutdown(fd, SHUT_WR);
        }));
        QByteArray back;
        std::unique_ptr<QThread> reader(QThread::create([fd, &back] {
            QByteArray buffer(65536, Qt::Uninitialized);
            for (ssize_t got = 0;
                 (got = ::recv(fd, buffer.data(), std::size_t(buffer.size()), 0)) > 0;)
                back.append(buffer.constData(), got);
        }));
        writer->start();
        reader->start();
        QVERIFY(writer->wait(60'000));
        QVERIFY(reader->wait(60'000));
        QVERIFY(back == data);
        const auto end = (*opened)->end();
        QTRY_COMPARE(end->exitCode(), std::optional<int>(0));
    }

    void slowReaderHoldsTheHostBack()
    {
        // The host would write for ever; what it wrote stops growing when nobody reads.
        const QString count = m_sshd.file(QStringLiteral("count"));
        const QByteArray script = "i=0; while head -c 65536 /dev/zero; do i=$((i+1)); echo $i > "
            + count.toUtf8() + "; done";
        auto opened
            = QCoro::waitFor(m_transport->open(Context(), shellCommand(script.constData())));
        QVERIFY(opened);
        QByteArray before = "?";
        QTRY_VERIFY_WITH_TIMEOUT(
            [&] {
                QTest::qWait(300);
                const QByteArray now = contentOf("count");
                return !now.isEmpty() && now == std::exchange(before, now);
            }(),
            20'000);
        QVERIFY(before.trimmed().toInt() * 65536 < 16'000'000);
        QVERIFY(runNow(Command(QStringLiteral("true")))); // others are not held
        char c;
        QCOMPARE(::read((*opened)->get(), &c, 1), 1);
        QVERIFY(::fcntl((*opened)->get(), F_GETFL) >= 0);
        opened->reset();
        QTRY_VERIFY([&] {
            QTest::qWait(100);
            const QByteArray now = contentOf("count");
            return now == std::exchange(before, now);
        }());
    }

    void openKeepsTheEndOfStderr()
    {
        auto opened = QCoro::waitFor(m_transport->open(Context(),
            shellCommand("head -c 9000 /dev/zero | tr '\\0' x >&2; echo end >&2; exit 5")));
        const auto end = (*opened)->end();
        QTRY_COMPARE(end->exitCode(), std::optional<int>(5));
        QCOMPARE(end->err().size(), 4096);
        QVERIFY(end->err().endsWith("xxend\n"));
        char c;
        QCOMPARE(::read((*opened)->get(), &c, 1), 0);
    }

    void closingTheDescriptorEndsStdin()
    {
        const QString done = m_sshd.file(QStringLiteral("done"));
        const QByteArray script = "cat > /dev/null; echo yes > " + done.toUtf8();
        auto opened
            = QCoro::waitFor(m_transport->open(Context(), shellCommand(script.constData())));
        QVERIFY(opened);
        opened->reset();
        QTRY_COMPARE(contentOf("done"), QByteArray("yes\n"));
    }

    void uploadIsWholeOrNotThere()
    {
        const QByteArray data(7'000'000, 'u');
        const QString path = m_sshd.file(QStringLiteral("deep/er it's/file"));
        qint64 last = 0;
        const auto done = QCoro::waitFor(
            m_transport->upload(Context(), data, path, [&](qint64 sent, qint64 total) {
                QVERIFY(sent > last && total == data.size());
                last = sent;
            }));
        QVERIFY2(done, done ? "" : qPrintable(done.error().cause));
        QTRY_COMPARE(last, data.size());
        QFile file(path);
        QVERIFY(file.open(QFile::ReadOnly) && file.readAll() == data);
        QVERIFY(file.permissions().testFlag(QFile::ExeOwner));
        QVERIFY(!file.permissions().testFlag(QFile::ReadOther));

        std::stop_source source;
        const QString cut = m_sshd.file(QStringLiteral("cut/file"));
        const auto stopped = QCoro::waitFor(m_transport->upload(Context(source.get_token()),
            QByteArray(60'000'000, 'c'), cut, [&](qint64 sent, qint64) {
                if (sent > 1'000'000)
                    source.request_stop();
            }));
        QCOMPARE(stopped.error().kind, ErrorKind::Cancelled);
        QTRY_VERIFY(QDir(m_sshd.file(QStringLiteral("cut"))).isEmpty());
    }

    void ownerMayDieMeanwhile()
    {
        auto running = m_transport->run(
            Context(), Command(QStringLiteral("sleep"), {QStringLiteral("1000")}));
        auto opened = QCoro::waitFor(m_transport->open(Context(), Command(QStringLiteral("cat"))));
        m_transport.reset();
        const auto result = QCoro::waitFor(running);
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::Unreachable);
        char c;
        QCOMPARE(::read((*opened)->get(), &c, 1), 0);
    }

    void deathIsToldOnceToAll()
    {
        QSignalSpy lost(m_transport.get(), &Transport::lost);
        std::vector<Task<Result<Output>>> running;
        for (int i = 0; i < 20; ++i) // some of them still wait for a channel
            running.push_back(m_transport->run(
                Context(), Command(QStringLiteral("sleep"), {QStringLiteral("1000")})));
        QCOMPARE(runNow(Command(QStringLiteral("true")),
                     Context().within(std::chrono::milliseconds(300)))
                     .error()
                     .kind,
            ErrorKind::Timeout);
        m_sshd.killSessions();
        for (auto &one : running)
            QCOMPARE(QCoro::waitFor(one).error().kind, ErrorKind::Unreachable);
        QTRY_COMPARE(lost.count(), 1);
        const auto error = lost.first().first().value<Error>();
        QCOMPARE(error.kind, ErrorKind::Unreachable);
        QVERIFY(!error.cause.isEmpty());
        QCOMPARE(runNow(Command(QStringLiteral("true"))).error().kind, ErrorKind::Unreachable);
        QTest::qWait(50);
        QCOMPARE(lost.count(), 1);
        m_transport.reset();
    }

    void closeIsSilent()
    {
        QSignalSpy lost(m_transport.get(), &Transport::lost);
        auto running = m_transport->run(
            Context(), Command(QStringLiteral("sleep"), {QStringLiteral("1000")}));
        m_transport->close();
        QCOMPARE(QCoro::waitFor(running).error().kind, ErrorKind::Unreachable);
        QTest::qWait(20);
        QCOMPARE(lost.count(), 0);
        m_transport.reset();
    }
};

QTEST_GUILESS_MAIN(TestLibssh)
#include "test_libssh.moc"
