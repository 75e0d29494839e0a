// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/ctl/ctlhost.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <csignal>

using namespace pilothouse;

/// The number behind a word at a line's start in a file of /proc.
static qint64 numberIn(const QString &path, const QByteArray &word)
{
    QFile file(path);
    if (!file.open(QFile::ReadOnly))
        return -1;
    for (const auto &line : file.readAll().split('\n')) {
        if (line.startsWith(word))
            return line.mid(word.size()).simplified().split(' ').first().toLongLong();
    }
    return -1;
}

/// How far a process has read its standard input, bytes.
static qint64 readingPlace(qint64 pid)
{
    return numberIn(QStringLiteral("/proc/%1/fdinfo/0").arg(pid), "pos:");
}

/// The most memory that a process had, bytes.
static qint64 peakOf(qint64 pid)
{
    return numberIn(QStringLiteral("/proc/%1/status").arg(pid), "VmHWM:") * 1024;
}

class TestCtlExec : public QObject {
    Q_OBJECT

    std::unique_ptr<CtlHost> m_host;

private Q_SLOTS:
    void initTestCase() { m_host = std::make_unique<CtlHost>(); }
    void cleanupTestCase() { m_host.reset(); }
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void execIsByteExact()
    {
        QByteArray input;
        for (int i = 0; i < 1'000'000; ++i)
            input += char(i * 7 + i / 256);
        const auto ran = m_host->run(words("exec local -- cat"), input);
        QCOMPARE(ran.code, 0);
        QVERIFY(ran.out == input);
        QVERIFY(ran.err.isEmpty());
    }

    void execKeepsStreamsApartAndGivesTheCode()
    {
        const auto ran
            = m_host->run(shell("exec local --", QStringLiteral("echo out; echo err >&2; exit 9")));
        QCOMPARE(ran.out, QByteArray("out\n"));
        QCOMPARE(ran.err, QByteArray("err\n"));
        QCOMPARE(ran.code, 9);
        QCOMPARE(m_host->run(shell("exec local --", QStringLiteral("kill -9 $$"))).code, 137);
        QCOMPARE(m_host->run(words("exec nowhere -- true")).code, 255);
    }

    void execForwardsInterrupts()
    {
        const auto process = m_host->start(shell("exec local --",
            QStringLiteral("trap 'exit 42' INT; echo ready; while :; do sleep 0.05; done")));
        QTRY_VERIFY_WITH_TIMEOUT(process->bytesAvailable() > 0, 20'000);
        ::kill(pid_t(process->processId()), SIGINT);
        QVERIFY(process->waitForFinished(20'000));
        QCOMPARE(process->exitCode(), 42);
    }

    /// 200 MB for a command that reads nothing: neither this program nor the agent holds them, and
    /// a signal still gets through.
    void execHoldsBackItsInput()
    {
        QFile file(m_host->file(QStringLiteral("zeros")));
        QVERIFY(file.open(QFile::WriteOnly) && file.resize(200'000'000));
        file.close();
        const auto process
            = m_host->start(shell("exec local --", QStringLiteral("echo ready; exec sleep 600")),
                {}, file.fileName());
        const qint64 pid = process->processId();
        QTRY_VERIFY_WITH_TIMEOUT(process->bytesAvailable() > 0, 30'000);
        // It has read what it will when it reads no more: the same place twenty times.
        qint64 place = -1;
        int same = 0;
        QTRY_VERIFY_WITH_TIMEOUT((same = readingPlace(pid) == place ? same + 1 : 0,
                                     place = readingPlace(pid), same >= 20),
            60'000);
        const auto status
            = m_host->run(words("agent status local --json")).json().value(QLatin1String("status"));
        const qint64 agent = status[QLatin1String("pid")].toInteger();
        QVERIFY(place > 0 && place < 16'000'000);
#ifndef __SANITIZE_ADDRESS__ // which keeps freed memory for a while
        QVERIFY2(peakOf(pid) < 150'000'000, qPrintable(QString::number(peakOf(pid))));
        QVERIFY2(peakOf(agent) > 0 && peakOf(agent) < 80'000'000,
            qPrintable(QString::number(peakOf(agent))));
#endif
        ::kill(pid_t(pid), SIGINT);
        QVERIFY(process->waitForFinished(20'000));
        QCOMPARE(process->exitCode(), 130);

        const auto counting
            = m_host->start(shell("exec local --", QStringLiteral("wc -c")), {}, file.fileName());
        QVERIFY(counting->waitForFinished(60'000));
        QCOMPARE(counting->readAllStandardOutput().trimmed(), QByteArray("200000000"));
        QCOMPARE(counting->exitCode(), 0);
    }
};

QTEST_GUILESS_MAIN(TestCtlExec)
#include "test_ctl_exec.moc"
