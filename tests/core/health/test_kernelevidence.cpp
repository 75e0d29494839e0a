// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/health/kernelevidence.h"

#include <QTest>

using namespace pilothouse;

static constexpr qint64 start = 1'790'000'000'000;

static KernelMessage message(
    const char *kind, const char *device, const char *line, qint64 at = start, int xid = 0)
{
    KernelMessage message;
    message.at = at;
    message.kernelUs = at * 1000;
    message.kind = QString::fromLatin1(kind);
    message.device = QString::fromLatin1(device);
    message.line = QString::fromLatin1(line);
    message.xid = xid;
    return message;
}

class TestKernelEvidence : public QObject {
    Q_OBJECT

    static QString lineFor(const KernelEvidence &evidence, const char *rule, const char *device)
    {
        return evidence.lineFor(QString::fromLatin1(rule), QString::fromLatin1(device), start);
    }

private Q_SLOTS:
    void eachLineFindsItsFinding()
    {
        KernelEvidence evidence;
        QVERIFY(evidence.add(message("xid", "GPU-1", "Xid 31", start, 31)));
        QVERIFY(evidence.add(message("xid", "GPU-1", "Xid 79", start, 79)));
        QVERIFY(evidence.add(message("xid", "GPU-1", "Xid 45", start + 1, 45)));
        QVERIFY(evidence.add(message("xid", "GPU-2", "Xid 74", start, 74)));
        QVERIFY(evidence.add(message("pcie", "GPU-2", "AER", start)));
        QVERIFY(evidence.add(message("nic", "ib0", "cable", start)));
        QVERIFY(evidence.add(message("network-filesystem", "storage", "nfs", start)));
        QCOMPARE(lineFor(evidence, "lost", "GPU-1"), QStringLiteral("Xid 79"));
        QCOMPARE(lineFor(evidence, "lost", "GPU-3"), QString());
        QCOMPARE(lineFor(evidence, "nvlink", "GPU-2"), QStringLiteral("Xid 74"));
        QCOMPARE(lineFor(evidence, "nvlink", "GPU-1"), QString());
        QCOMPARE(lineFor(evidence, "pcie", "GPU-2"), QStringLiteral("AER"));
        QCOMPARE(lineFor(evidence, "receive-errors", "ib0"), QStringLiteral("cable"));
        QCOMPARE(lineFor(evidence, "receive-errors", "eth0"), QString());
        QCOMPARE(lineFor(evidence, "stale-mount", "/data"), QStringLiteral("nfs"));
        QCOMPARE(lineFor(evidence, "hot", "GPU-1"), QString());
    }

    void oldLinesExplainOnlyALostGpu()
    {
        KernelEvidence evidence;
        evidence.add(message("xid", "GPU-1", "Xid 79", start - 2 * KernelEvidence::causeMs, 79));
        evidence.add(message("xid", "GPU-1", "Xid 74", start - 2 * KernelEvidence::causeMs, 74));
        evidence.add(message("hung-task", "", "hung", start - 2 * KernelEvidence::causeMs));
        QCOMPARE(lineFor(evidence, "lost", "GPU-1"), QStringLiteral("Xid 79"));
        QCOMPARE(lineFor(evidence, "nvlink", "GPU-1"), QString());
        QCOMPARE(lineFor(evidence, "driver-silent", ""), QString());
    }

    void knownOnesAndTooMany()
    {
        KernelEvidence evidence;
        QVERIFY(evidence.add(message("oom", "", "a")));
        QVERIFY(!evidence.add(message("oom", "", "a")));
        QVERIFY(evidence.add(message("oom", "", "b")));
        for (int i = 0; i < 10'000; ++i)
            evidence.add(message("hung-task", "", "x", start + i + 1));
        QCOMPARE(lineFor(evidence, "memory", ""), QString()); // out of the bounded list
        QCOMPARE(lineFor(evidence, "hung", ""), QStringLiteral("x"));
    }

    void rulesOfMessages_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("device");
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("rule");
        const auto row = [](const char *name, const char *kind, const char *device,
                             const char *line, const char *rule) {
            QTest::newRow(name) << QString::fromLatin1(kind) << QString::fromLatin1(device)
                                << QString::fromLatin1(line) << QString::fromLatin1(rule);
        };
        row("oom", "oom", "", "Killed", "kernel-oom");
        row("hung", "hung-task", "", "blocked", "kernel-hung-task");
        row("disk", "filesystem", "sda1", "error", "kernel-filesystem");
        row("server", "network-filesystem", "s", "not responding", "kernel-network-filesystem");
        row("corrected", "pcie", "GPU-1", "AER: Corrected error received", "");
        row("fatal", "pcie", "GPU-1", "severity=Uncorrected (Fatal)", "kernel-pcie");
        row("other device", "pcie", "0000:01:00.0", "AER: Corrected error", "kernel-pcie");
        row("interface", "nic", "ib0", "cable error", "");
        row("interface stands", "nic", "ib0", "transmit queue timed out", "kernel-nic");
        row("card", "nic", "0000:18:00.0", "Fatal error", "kernel-nic");
        row("xid of nobody", "xid", "0000:1b:00", "Xid", "kernel-xid");
        row("of a newer agent", "meteor", "", "strike", "");
    }
    void rulesOfMessages()
    {
        QFETCH(QString, kind);
        QFETCH(QString, device);
        QFETCH(QString, line);
        QFETCH(QString, rule);
        KernelMessage one;
        one.kind = kind;
        one.device = device;
        one.line = line;
        const auto *found = kernelRule(one);
        QCOMPARE(found != nullptr ? QString::fromLatin1(found->id) : QString(), rule);
        QVERIFY(found == nullptr || isKernelRule(rule));
    }
};

QTEST_GUILESS_MAIN(TestKernelEvidence)
#include "test_kernelevidence.moc"
