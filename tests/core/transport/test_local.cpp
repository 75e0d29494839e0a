// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/transport/ioloop.h"
#include "core/transport/localtransport.h"

#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <csignal>
#include <unistd.h>

using namespace pilothouse;

static Command shell(const char *script, QByteArray input = {})
{
    return Command(
        QStringLiteral("sh"), {QStringLiteral("-c"), QString::fromUtf8(script)}, std::move(input));
}

class TestLocal : public QObject {
    Q_OBJECT
    std::shared_ptr<LocalTransport> m_local;
    std::shared_ptr<LocalTransport> m_last = std::make_shared<LocalTransport>();
    QTemporaryDir m_home;

    QString filePath(const char *name) { return m_home.filePath(QString::fromLatin1(name)); }
    QByteArray contentOf(const char *name)
    {
        QFile file(filePath(name));
        return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
    }

private Q_SLOTS:
    void initTestCase() { qputenv("HOME", m_home.path().toLocal8Bit()); }
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_local = std::make_shared<LocalTransport>();
    }
    void cleanup() { m_local.reset(); }
    /// Nothing that runs when the loop ends is left behind, not even what ignores TERM: the loop's
    /// end kills it, and its waiter gets an answer.
    void cleanupTestCase()
    {
        auto going = m_last->run(
            Context(), shell("trap '' TERM HUP; echo $$ > stubborn; while :; do sleep 0.1; done"));
        QTRY_VERIFY(contentOf("stubborn").endsWith('\n'));
        const auto pid = contentOf("stubborn").trimmed().toInt();
        QCOMPARE(::kill(pid, 0), 0);
        IoLoop::instance().stop();
        QCOMPARE(::kill(pid, 0), -1); // reaped, not only dead
        const auto output = QCoro::waitFor(std::move(going));
        QVERIFY(!output);
        QCOMPARE(output.error().kind, ErrorKind::Cancelled);
    }

    void runGivesOutputAndExitCode()
    {
        const auto output = QCoro::waitFor(
            m_local->run(Context(), shell("cat; echo oops >&2; pwd; exit 3", "in\n")));
        QVERIFY(output);
        QCOMPARE(output->exitCode, 3);
        QCOMPARE(output->signal, 0);
        QCOMPARE(output->out, "in\n" + m_home.path().toLocal8Bit() + '\n');
        QCOMPARE(output->err, QByteArray("oops\n"));
    }

    void missingAndForbiddenProgramsSpeakAsShellsDo()
    {
        const auto missing
            = QCoro::waitFor(m_local->run(Context(), Command(QStringLiteral("no-such-program"))));
        QCOMPARE(missing->exitCode, 127);
        QCOMPARE(printed(missing, QStringLiteral("x")).error().kind, ErrorKind::NotFound);
        const auto forbidden
            = QCoro::waitFor(m_local->run(Context(), Command(QStringLiteral("/etc/passwd"))));
        QCOMPARE(forbidden->exitCode, 126);
    }

    void signalsAreTold()
    {
        const auto output = QCoro::waitFor(m_local->run(Context(), shell("kill -9 $$")));
        QCOMPARE(output->signal, 9);
    }

    void bigInputAndOutputAreWhole()
    {
        QByteArray data(5'000'000, Qt::Uninitialized);
        for (qsizetype i = 0; i < data.size(); ++i)
            data[i] = char(i * 7 + i / 251);
        const auto output
            = QCoro::waitFor(m_local->run(Context(), Command(QStringLiteral("cat"), {}, data)));
        QVERIFY(output->out == data);
        QVERIFY(!output->cut);
        const auto much
            = QCoro::waitFor(m_local->run(Context(), shell("head -c 9000000 /dev/zero")));
        QCOMPARE(much->out.size(), 8 * 1024 * 1024);
        QVERIFY(much->cut);
    }

    void grandchildrenThatKeepThePipesDoNotHoldTheAnswer()
    {
        const auto output
            = QCoro::waitFor(m_local->run(Context(), shell("sleep 1000 & echo $!; exit 0")));
        QCOMPARE(output->exitCode, 0);
        const pid_t left = pid_t(output->out.trimmed().toInt());
        QVERIFY(left > 1);
        QCOMPARE(::kill(left, SIGKILL), 0);
    }

    void cancelEndsTheWholeGroup()
    {
        std::stop_source source;
        auto running = m_local->run(Context(source.get_token()),
            shell("sleep 1000 & echo $! > child; echo $$ > parent; wait"));
        QTRY_VERIFY(contentOf("parent").endsWith('\n'));
        source.request_stop();
        const auto result = QCoro::waitFor(running);
        QCOMPARE(result.error().kind, ErrorKind::Cancelled);
        for (const char *name : {"child", "parent"}) {
            const auto stat = QStringLiteral("/proc/%1/stat")
                                  .arg(QString::fromLatin1(contentOf(name).trimmed()));
            // A zombie that nobody reaps in a container counts as ended.
            QTRY_VERIFY([&] {
                QFile file(stat);
                return !file.open(QFile::ReadOnly) || file.readAll().contains(") Z ");
            }());
        }
    }

    void deadlineEndsIt()
    {
        const auto result = QCoro::waitFor(m_local->run(
            Context().within(std::chrono::milliseconds(20)), shell("exec sleep 1000")));
        QCOMPARE(result.error().kind, ErrorKind::Timeout);
    }

    void stoppedBeforeItStartsNothing()
    {
        std::stop_source source;
        source.request_stop();
        const auto result
            = QCoro::waitFor(m_local->run(Context(source.get_token()), shell("touch never")));
        QCOMPARE(result.error().kind, ErrorKind::Cancelled);
        QVERIFY(!QFile::exists(filePath("never")));
    }

    void ownerMayDieMeanwhile()
    {
        auto running = m_local->run(Context(), shell("exec sleep 1000"));
        m_local.reset();
        const auto result = QCoro::waitFor(running);
        QVERIFY(!result || result->signal == SIGHUP || result->signal == SIGTERM);
    }

    void openCarriesBothWays()
    {
        auto opened = QCoro::waitFor(m_local->open(Context(), shell("echo bad >&2; cat; exit 4")));
        QVERIFY(opened);
        const int fd = (*opened)->get();
        QCOMPARE(::write(fd, "hello", 5), 5);
        char text[8] = {};
        QCOMPARE(::read(fd, text, sizeof text), 5);
        QCOMPARE(QByteArray(text), QByteArray("hello"));
        const auto end = (*opened)->end();
        QVERIFY(!end->exitCode());
        opened->reset(); // ends its stdin
        QTRY_COMPARE(end->exitCode(), std::optional<int>(4));
        QCOMPARE(end->err(), QByteArray("bad\n"));
    }

    void openOfAMissingProgramSaysWhy()
    {
        auto opened
            = QCoro::waitFor(m_local->open(Context(), Command(QStringLiteral("no-such-program"))));
        QVERIFY(opened);
        char c;
        QCOMPARE(::read((*opened)->get(), &c, 1), 0);
        QCOMPARE((*opened)->end()->exitCode(), std::optional<int>(127));
        QVERIFY((*opened)->end()->err().contains("No such file"));
    }

    void uploadWritesWholeFilesOnly()
    {
        const QByteArray data(3'000'000, 'u');
        qint64 last = 0;
        const auto done = QCoro::waitFor(m_local->upload(
            Context(), data, QStringLiteral("~/deep/er/file"), [&](qint64 sent, qint64 total) {
                QVERIFY(sent > last && total == data.size());
                last = sent;
            }));
        QVERIFY(done);
        QCOMPARE(last, data.size());
        QVERIFY(contentOf("deep/er/file") == data);
        const auto denied = QCoro::waitFor(
            m_local->upload(Context(), data, QStringLiteral("/proc/none/file"), {}));
        QVERIFY(!denied);
        const auto folder = QCoro::waitFor(m_local->upload(Context(), data, m_home.path(), {}));
        QCOMPARE(folder.error().kind, ErrorKind::Conflict);
    }

    void stagesAreSkipped()
    {
        QList<StageReport> lines;
        Target target;
        target.id = QStringLiteral("local");
        target.kind = TargetKind::Local;
        const auto connected = QCoro::waitFor(
            connectLocal(Context(), target, [&](const StageReport &line) { lines << line; }));
        QVERIFY(connected);
        QCOMPARE(connected->transport->kind(), QStringLiteral("local"));
        QCOMPARE(lines.size(), 5);
        QCOMPARE(lines.first().state, StageState::Done);
        for (const auto &line : lines.mid(1))
            QCOMPARE(line.state, StageState::Skipped);
    }
};

QTEST_GUILESS_MAIN(TestLocal)
#include "test_local.moc"
