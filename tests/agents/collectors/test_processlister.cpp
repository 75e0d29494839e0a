// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/processes.h"
#include "tests/agents/collectors/recordedhost.h"

#include <unistd.h>

class TestProcessLister : public QObject {
    Q_OBJECT

    std::unique_ptr<TreeFolder> m_folder;
    fs::path m_root;

    void copyRecorded() const { m_folder->copyRecorded(); }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<TreeFolder>();
        m_root = m_folder->root;
    }
    void cleanup() { m_folder.reset(); }

    void recordedProcessesAreListed()
    {
        copyRecorded();
        ProcessLister lister(m_root);
        const auto processes = lister.list(
            0, {}, [](uint32_t pid) { return pid == 1 ? std::string("job-1") : std::string(); });
        QCOMPARE(processes.size(), 2u);
        const auto &first = processes[0].pid == 1 ? processes[0] : processes[1];
        const auto &second = processes[0].pid == 1 ? processes[1] : processes[0];
        QCOMPARE(first.command, std::string("/sbin/init splash"));
        QCOMPARE(first.parent, 0u);
        QCOMPARE(first.job, std::string("job-1"));
        QCOMPARE(first.memoryBytes, 4788u * uint64_t(::sysconf(_SC_PAGESIZE)));
        QCOMPARE(second.command, std::string("[kthreadd]"));
        QVERIFY(second.job.empty());
        if (::geteuid() == 0)
            QCOMPARE(first.user, std::string("root"));
    }

    void processesWithGpusAreAlwaysListed()
    {
        ProcessLister lister(recorded);
        const std::unordered_map<uint32_t, std::vector<GpuUse>> gpus{
            {1, {{"GPU-a", 5, true}}}, {2, {{"GPU-b", 0, false}}}, {77, {}}};
        const auto processes = lister.list(1, gpus, {});
        QCOMPARE(processes.size(), 2u);
        for (const auto &process : processes)
            QCOMPARE(process.gpus[0].device, process.pid == 1 ? "GPU-a" : "GPU-b");
    }

    void commandsAreTextAndShort_data()
    {
        QTest::addColumn<QByteArray>("raw");
        QTest::addColumn<QByteArray>("shown");
        QTest::newRow("controls") << QByteArray("a\x1b[2Jb\x7f\0c\n\0", 10)
                                  << QByteArray("a?[2Jb? c?");
        QTest::newRow("umlaut") << QByteArray("gr\xc3\xbc\xc3\x9f\x65")
                                << QByteArray("gr\xc3\xbc\xc3\x9f\x65");
        QTest::newRow("cut character") << QByteArray("x\xe2\x82") << QByteArray("x??");
        QTest::newRow("C1 control") << QByteArray("a\xc2\x9b"
                                                  "1m")
                                    << QByteArray("a??1m");
        QTest::newRow("overlong") << QByteArray("\xc0\xaf") << QByteArray("??");
        QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << QByteArray("???");
        QTest::newRow("long") << QByteArray(5000, 'q') << QByteArray(512, 'q');
    }
    void commandsAreTextAndShort()
    {
        QFETCH(QByteArray, raw);
        QFETCH(QByteArray, shown);
        copyRecorded();
        write(m_root / "proc/1/cmdline", std::string_view(raw.data(), std::size_t(raw.size())));
        for (const auto &process : ProcessLister(m_root).list(0, {}, {})) {
            if (process.pid == 1)
                QCOMPARE(QByteArray::fromStdString(process.command), shown);
        }
    }

    void oneThatCannotBeStoppedIsNotAskedForItsCommand()
    {
        copyRecorded();
        auto stat = read(m_root / "proc/1/stat");
        stat[stat.rfind(')') + 2] = 'D';
        write(m_root / "proc/1/stat", stat);
        const auto processes = ProcessLister(m_root).list(0, {}, {});
        const auto first = std::find_if(processes.begin(), processes.end(),
            [](const auto &process) { return process.pid == 1; });
        QVERIFY(first != processes.end());
        QCOMPARE(first->command, std::string("[systemd]"));
    }

    void oneThatIsGoneIsNobodys()
    {
        ProcessLister lister("/");
        QVERIFY(lister.ownerOf(INT32_MAX, {}) == GpuOwner());
        QVERIFY(!lister.ownerOf(uint32_t(::getpid()), {}).user.empty());
    }

    void thisProcessIsListed()
    {
        ProcessLister lister("/");
        lister.list(0, {}, {});
        const std::unordered_map<uint32_t, std::vector<GpuUse>> me{{uint32_t(::getpid()), {}}};
        const auto processes = lister.list(1, me, {});
        const auto mine = std::find_if(processes.begin(), processes.end(),
            [](const auto &process) { return process.pid == uint32_t(::getpid()); });
        QVERIFY(mine != processes.end());
        QCOMPARE(mine->parent, uint32_t(::getppid()));
        QVERIFY(mine->command.find("test_processlister") != std::string::npos);
        QVERIFY(!mine->user.empty());
        QVERIFY(mine->memoryBytes > 0);
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        QVERIFY(mine->startedNs <= std::chrono::nanoseconds(now).count());
    }

    void usersNobodyKnowsAreTheirNumber()
    {
        UserNames names("/");
        names.learn({0, 3999999999u});
        QCOMPARE(names.name(0), std::string("root"));
        QCOMPARE(names.name(3999999999u), std::string("3999999999"));
        UserNames fixture(recorded);
        fixture.learn({1000});
        QCOMPARE(fixture.name(1000), std::string("anna"));
    }
};

QTEST_GUILESS_MAIN(TestProcessLister)
#include "test_processlister.moc"
