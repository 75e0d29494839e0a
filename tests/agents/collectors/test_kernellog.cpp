// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/kernellog.h"
#include "tests/agents/collectors/recordedhost.h"

#include <sys/stat.h>

static void append(const fs::path &file, const std::string &text)
{
    std::ofstream(file, std::ios::binary | std::ios::app) << text;
}

static std::string record(int sequence, int64_t us, const std::string &text)
{
    return "4," + std::to_string(sequence) + ',' + std::to_string(us) + ",-;" + text + '\n';
}

static const std::string hung = "INFO: task a:1 blocked for more than 120 seconds.";

class TestKernelLog : public QObject {
    Q_OBJECT

    std::unique_ptr<TreeFolder> m_folder;
    fs::path m_kmsg;

    KernelSources onlyKmsg() const { return {m_kmsg, false, {}}; }
    KernelSources script(const std::string &body) const
    {
        const auto file = m_folder->root / "journal";
        write(file, "#!/bin/sh\n" + body);
        ::chmod(file.c_str(), 0700);
        return {{}, false, {file.string()}};
    }
    /// Asks until `count` have come since the beginning.
    static std::vector<KernelEvent> wait(KernelLog &log, std::size_t count, uint64_t after = 0)
    {
        std::vector<KernelEvent> events;
        for (int i = 0; i < 3000 && (events = log.after(after)).size() < count; ++i)
            QTest::qWait(10);
        return events;
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<TreeFolder>();
        m_kmsg = m_folder->root / "kmsg";
    }
    void cleanup() { m_folder.reset(); }

    void whatIsThereAndWhatComes()
    {
        write(m_kmsg,
            record(1, 1000, "Linux version 6.1")
                + record(2, 2000, "NVRM: Xid (PCI:0000:1b:00): 79, fallen"));
        KernelLog log(onlyKmsg());
        auto events = wait(log, 1);
        QCOMPARE(events.size(), 1u);
        QCOMPARE(events[0].kind, std::string("xid"));
        QCOMPARE(events[0].xid, 79u);
        QCOMPARE(events[0].device, std::string("0000:1b:00"));
        QCOMPARE(events[0].kernelUs, int64_t(2000));
        QCOMPARE(log.trouble(), std::string());
        append(m_kmsg, record(3, 3000, hung));
        events = wait(log, 1, events[0].number);
        QCOMPARE(events.size(), 1u);
        QCOMPARE(events[0].line, hung);
        QVERIFY(events[0].wallNs > 0);
    }

    void nobodyAsksNobodyReads()
    {
        write(m_kmsg, record(1, 1000, hung));
        KernelLog log(onlyKmsg(), 50);
        QVERIFY(log.trouble().empty());
        const auto first = wait(log, 1);
        QCOMPARE(first.size(), 1u);
        QTest::qWait(1500); // nobody asks: the source is closed
        append(m_kmsg, record(2, 2000, "INFO: task b:2 blocked for more than 120 seconds."));
        const auto second = wait(log, 2);
        QCOMPARE(second.size(), 2u); // the old one is not told again
        QCOMPARE(second[1].kernelUs, int64_t(2000));
    }

    void aFloodIsBounded()
    {
        std::string flood;
        for (int i = 0; i < 20'000; ++i)
            flood += record(i, 1000 + i, hung);
        for (int i = 0; i < 2'000; ++i)
            flood += record(30'000 + i, 30'000 + i,
                "nfs: server s" + std::to_string(i) + " not responding, still trying");
        flood += record(50'000, 90'000'000, hung); // a minute and a half later
        write(m_kmsg, flood);
        KernelLog log(onlyKmsg());
        std::vector<KernelEvent> events;
        QTRY_VERIFY_WITH_TIMEOUT(
            !(events = log.after(0)).empty() && events.back().kernelUs == 90'000'000, 60'000);
        QVERIFY(events.size() <= KernelLog::mostKept);
        const auto hungOnes = std::count_if(
            events.begin(), events.end(), [](const auto &one) { return one.kind == "hung-task"; });
        QVERIFY(hungOnes <= KernelLimiter::burst + 1);
        // A file gives 8 KiB at a time and not whole records, so some are cut.
        QVERIFY(events.back().times > 19'000u && events.back().times < 20'000u);
    }

    void theLimiterCountsByTheKernelsTime()
    {
        KernelLimiter limiter;
        const KernelLine line{"oom", "", 0, "x"};
        for (int i = 0; i < KernelLimiter::burst; ++i)
            QCOMPARE(limiter.admit(line, 1000), 1u);
        QCOMPARE(limiter.admit(line, 1000), 0u);
        QCOMPARE(limiter.admit(line, 2000), 0u);
        QCOMPARE(limiter.admit(line, 1000 + KernelLimiter::refillUs), 3u);
        QCOMPARE(limiter.admit({"oom", "elsewhere", 0, "x"}, 0), 1u);
    }

    void theJournalIsFollowed()
    {
        KernelLog log(script("echo '[   12.5] lab kernel: " + hung + "'\nsleep 60\n"));
        const auto events = wait(log, 1);
        QCOMPARE(events.size(), 1u);
        QCOMPARE(events[0].kernelUs, int64_t(12'500'000));
        QCOMPARE(log.trouble(), std::string());
    }

    void whatIsDeniedIsSaid_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("ends at once") << QByteArray("exit 1\n");
        QTest::newRow("says nothing") << QByteArray("sleep 60\n");
    }
    void whatIsDeniedIsSaid()
    {
        QFETCH(QByteArray, body);
        auto sources = script(body.toStdString());
        sources.kmsg = m_folder->root / "none";
        KernelLog log(sources);
        QTRY_VERIFY_WITH_TIMEOUT((log.after(0), !log.trouble().empty()), 60'000);
        const auto why = QByteArray::fromStdString(log.trouble());
        QVERIFY2(why.startsWith("this user may not read the kernel's messages"), why.constData());
        QVERIFY2(why.contains("none: No such file or directory"), why.constData());
    }

    void anEmptyJournalIsNoEndOfTheTrouble()
    {
        KernelLog log(script("exec sleep 60\n"), 60'000, 10);
        QTRY_VERIFY_WITH_TIMEOUT((log.after(0), !log.trouble().empty()), 60'000);
        for (int i = 0; i < 150; ++i) { // it is opened again meanwhile
            log.after(0);
            QVERIFY(!log.trouble().empty());
            QTest::qWait(10);
        }
    }

    void itEndsWhileItReads()
    {
        write(m_kmsg, record(1, 1000, hung));
        for (int i = 0; i < 3; ++i) {
            KernelLog log(onlyKmsg());
            log.after(0);
        }
        KernelLog silent(script("sleep 60\n"));
        silent.after(0);
    }
};

QTEST_GUILESS_MAIN(TestKernelLog)
#include "test_kernellog.moc"
