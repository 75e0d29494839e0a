// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/kernelline.h"

#include <QTest>

using namespace pilothouse::agent;

class TestKernelLine : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void linesThatMatterAreRead_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("kind");
        QTest::addColumn<QByteArray>("device");
        QTest::addColumn<int>("xid");
        // As these drivers and subsystems print them (their sources; NVIDIA's XID documentation).
        QTest::newRow("xid") << QByteArray("NVRM: Xid (PCI:0000:1b:00): 79, pid=4711, "
                                           "name=python3, GPU has fallen off the bus.")
                             << QByteArray("xid") << QByteArray("0000:1b:00") << 79;
        QTest::newRow("xid with function")
            << QByteArray("NVRM: Xid (PCI:0000:C1:00.0): 31, pid='<unknown>', name=<unknown>")
            << QByteArray("xid") << QByteArray("0000:C1:00.0") << 31;
        QTest::newRow("switch") << QByteArray("nvidia-nvswitch3: SXid (PCI:0000:c1:00.0): 12028, "
                                              "Non-fatal, Link 32 egress non-posted PRIV error")
                                << QByteArray("nvlink") << QByteArray("0000:c1:00.0") << 0;
        QTest::newRow("nvlink") << QByteArray("NVRM: knvlinkCoreShutdownDeviceLinks_IMPL: NVLink "
                                              "fatal error")
                                << QByteArray("nvlink") << QByteArray() << 0;
        QTest::newRow("aer behind a port")
            << QByteArray("pcieport 0000:16:01.0: AER: Corrected error received: 0000:17:00.0")
            << QByteArray("pcie") << QByteArray("0000:17:00.0") << 0;
        QTest::newRow("aer of the device")
            << QByteArray("nvidia 0000:17:00.0: PCIe Bus Error: severity=Uncorrected (Fatal), "
                          "type=Transaction Layer, (Requester ID)")
            << QByteArray("pcie") << QByteArray("0000:17:00.0") << 0;
        QTest::newRow("mlx5 port")
            << QByteArray("mlx5_core 0000:18:00.0 ib0: Port module event: error: cable error")
            << QByteArray("nic") << QByteArray("ib0") << 0;
        QTest::newRow("mlx5 card")
            << QByteArray("mlx5_core 0000:18:00.0: poll_health:795: Fatal error 1 detected")
            << QByteArray("nic") << QByteArray("0000:18:00.0") << 0;
        QTest::newRow("watchdog") << QByteArray("NETDEV WATCHDOG: enp65s0f0 (ice): transmit queue "
                                                "7 timed out")
                                  << QByteArray("nic") << QByteArray("enp65s0f0") << 0;
        QTest::newRow("link") << QByteArray("ixgbe 0000:01:00.0 eth0: NIC Link is Down")
                              << QByteArray("nic") << QByteArray("eth0") << 0;
        QTest::newRow("hung") << QByteArray(
            "INFO: task kworker/u64:3:1187 blocked for more than 120 seconds.")
                              << QByteArray("hung-task") << QByteArray() << 0;
        QTest::newRow("ext4") << QByteArray(
            "EXT4-fs error (device sda1): ext4_find_entry:1455: inode #2: comm ls")
                              << QByteArray("filesystem") << QByteArray("sda1") << 0;
        QTest::newRow("disk") << QByteArray("I/O error, dev nvme0n1, sector 21 op 0x0:(READ)")
                              << QByteArray("filesystem") << QByteArray("nvme0n1") << 0;
        QTest::newRow("xfs") << QByteArray(
            "XFS (dm-0): Corruption detected. Unmount and run xfs_repair")
                             << QByteArray("filesystem") << QByteArray("dm-0") << 0;
        QTest::newRow("nfs") << QByteArray("nfs: server storage-01 not responding, still trying")
                             << QByteArray("network-filesystem") << QByteArray("storage-01") << 0;
        QTest::newRow("cifs") << QByteArray(
            "CIFS: VFS: \\\\nas has not responded in 180 seconds. Reconnecting...")
                              << QByteArray("network-filesystem") << QByteArray("nas") << 0;
        QTest::newRow("oom") << QByteArray(
            "Out of memory: Killed process 3127 (python3) total-vm:148232kB, anon-rss:99kB")
                             << QByteArray("oom") << QByteArray() << 0;
        QTest::newRow("aer without a driver's device")
            << QByteArray("pcieport 10000:e0:06.0: AER: Corrected error received: 0000:e1:00.0")
            << QByteArray("pcie") << QByteArray("0000:e1:00.0") << 0;
        QTest::newRow("slot") << QByteArray("pcieport 0000:16:01.0: pciehp: Slot(4): Link Down")
                              << QByteArray("pcie") << QByteArray("0000:16:01.0") << 0;
        QTest::newRow("slot of an older kernel")
            << QByteArray("pciehp 0000:16:01.0:pcie004: Slot(4): Link Down") << QByteArray("pcie")
            << QByteArray("0000:16:01.0") << 0;
        QTest::newRow("lockup") << QByteArray(
            "watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [a:1]")
                                << QByteArray("hung-task") << QByteArray() << 0;
        QTest::newRow("stall") << QByteArray("rcu: INFO: rcu_sched self-detected stall on CPU")
                               << QByteArray("hung-task") << QByteArray() << 0;
        QTest::newRow("disk of an older kernel")
            << QByteArray("blk_update_request: I/O error, dev sda, sector 21")
            << QByteArray("filesystem") << QByteArray("sda") << 0;
        QTest::newRow("buffer") << QByteArray(
            "Buffer I/O error on dev dm-1, logical block 0, async page read")
                                << QByteArray("filesystem") << QByteArray("dm-1") << 0;
        QTest::newRow("oom of a group")
            << QByteArray("Memory cgroup out of memory: Killed process 9 (a) total-vm:1kB")
            << QByteArray("oom") << QByteArray() << 0;
    }
    void linesThatMatterAreRead()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, kind);
        QFETCH(QByteArray, device);
        QFETCH(int, xid);
        const auto line = kernelLineOf(text.toStdString());
        QVERIFY(line.has_value());
        QCOMPARE(QByteArray(line->kind.data(), qsizetype(line->kind.size())), kind);
        QCOMPARE(QByteArray::fromStdString(line->device), device);
        QCOMPARE(int(line->xid), xid);
        QCOMPARE(QByteArray::fromStdString(line->line), text);
    }

    void othersAreNot()
    {
        for (const char *text : {"", "Linux version 6.1.0", "nvidia 0000:1b:00.0: enabling device",
                 "NVRM: loading NVIDIA UNIX x86_64 Kernel Module  550.54.15",
                 "NVRM: Xid (PCI:0000:1b:00): , no number", "NVRM: Xid (PCI:0000:1b:00",
                 "NVRM: Xid (PCI:0000:1b:00): 99999999999999, far too many",
                 "pcieport 0000:00:01.0: AER: enabled with IRQ 27",
                 "EXT4-fs (sda1): mounted filesystem with ordered data mode",
                 "nfs: server storage-01 OK", "mlx5_core 0000:18:00.0: firmware version: 20.31",
                 "eth0: link becomes ready"})
            QVERIFY2(!kernelLineOf(text).has_value(), text);
    }

    void namesThatUsersChooseForgeNothing()
    {
        const std::string xid = "NVRM: Xid (PCI:0000:1b:00): 79, fallen";
        const std::string aer = "pcieport 0000:16:01.0: AER: Corrected error: 0000:17:00.0";
        const std::string killed = "Out of memory: Killed process 3127 (python3)";
        for (const auto &text : {xid, aer, killed,
                 std::string("INFO: task a:1 blocked for more "
                             "than 120 seconds."),
                 std::string("I/O error, dev sda, sector 21")}) {
            QVERIFY(kernelLineOf(text).has_value());
            const auto group = "oom-kill:constraint=CONSTRAINT_MEMCG,task_memcg=/user/" + text;
            QVERIFY2(!kernelLineOf(group).has_value(), group.c_str());
            const auto fault = text.substr(0, 15) + "[4711]: segfault at 0 error 4 in " + text;
            QVERIFY2(!kernelLineOf(fault).has_value(), fault.c_str());
        }
        QVERIFY(!kernelLineOf("NVRM: Xid (PCI:a b): 79, no address").has_value());
        QVERIFY(!kernelLineOf("x nvidia-nvswitch3: SXid (PCI:0000:c1:00.0): 12028").has_value());
    }

    void hostileBytesBecomeText()
    {
        std::string text = "INFO: task \x1b[2Jx\xff\xc2\x9b:1 blocked for more than 120 seconds.";
        auto line = kernelLineOf(text);
        QVERIFY(line.has_value());
        QCOMPARE(QByteArray::fromStdString(line->line),
            QByteArray("INFO: task ?[2Jx???:1 blocked for more than 120 seconds."));
        text = "Out of memory: Killed process 1 (" + std::string(1'000'000, 'q');
        line = kernelLineOf(text);
        QVERIFY(line.has_value());
        QCOMPARE(line->line.size(), KernelLine::longest);
        line = kernelLineOf("nfs: server " + std::string(5000, 's') + " not responding");
        QVERIFY(line.has_value());
        QVERIFY(line->device.size() <= 64);
    }

    void recordsComeInThreeForms()
    {
        const auto kmsg = readKmsg("6,1234,5678901,-;NVRM: a\n SUBSYSTEM=pci\n"
                                   " DEVICE=+pci:0000:1b:00.0\n4,1235,5678902,c,caller=T1;b;c\n"
                                   "no record\n;x\n6,1,-5,-;past\n");
        QCOMPARE(kmsg.size(), 2u);
        QCOMPARE(kmsg[0].us, int64_t(5678901));
        QCOMPARE(kmsg[0].text, std::string("NVRM: a"));
        QCOMPARE(kmsg[1].text, std::string("b;c"));

        const auto buffer
            = readKernelBuffer("<6>[   12.345678] first\n[    0.000001][ T12] second\n"
                               "<4>[  99.5] third\nwithout time\n[x] y\n");
        QCOMPARE(buffer.size(), 3u);
        QCOMPARE(buffer[0].us, int64_t(12345678));
        QCOMPARE(buffer[1].text, std::string("second"));
        QCOMPARE(buffer[1].us, int64_t(1));
        QCOMPARE(buffer[2].us, int64_t(99500000));

        const auto journal = readJournal("[   12.345678] lab3 kernel: NVRM: x\n"
                                         "[   13.000000] lab3 sshd[4]: not the kernel's\n"
                                         "-- No entries --\n");
        QCOMPARE(journal.size(), 1u);
        QCOMPARE(journal[0].us, int64_t(12345678));
        QCOMPARE(journal[0].text, std::string("NVRM: x"));
    }

    void onlyWhatIsNewIsTakenFromABuffer()
    {
        KernelRecord last{-1, {}};
        QCOMPARE(takeNewRecords({{1, "a"}, {2, "b"}}, last).size(), 2u);
        QCOMPARE(takeNewRecords({{1, "a"}, {2, "b"}}, last).size(), 0u);
        QCOMPARE(takeNewRecords({}, last).size(), 0u);
        // The kernel went on with its last line, and wrote two more at that very time.
        auto fresh = takeNewRecords({{1, "a"}, {2, "b and more"}, {2, "c"}, {1, "d"}}, last);
        QCOMPARE(fresh.size(), 2u);
        QCOMPARE(fresh[0].text, std::string("c"));
        // What we had is overwritten: what is not later than it is old.
        last = {5, "gone"};
        fresh = takeNewRecords({{4, "old"}, {5, "old"}, {6, "new"}}, last);
        QCOMPARE(fresh.size(), 1u);
        QCOMPARE(fresh[0].text, std::string("new"));
        QCOMPARE(last.us, int64_t(6));
    }
};

QTEST_GUILESS_MAIN(TestKernelLine)
#include "test_kernelline.moc"
