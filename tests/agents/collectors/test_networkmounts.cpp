// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
#include "agents/collectors/collector.h"
#include "agents/collectors/mountprobe.h"
#include "tests/agents/collectors/recordedhost.h"

#include <csignal>
#include <sys/stat.h>
#include <thread>

namespace pilothouse::agent {
extern const CollectorInfo networkMountCollector, stuckCollector;
}

static constexpr int64_t second = 1'000'000'000;

/// Answers as a file server does; a path with "dead" in it never does, one with "gone" says EIO.
static const char script[] = "#!/bin/sh\n"
                             "for path in \"$@\"; do case $path in\n"
                             "*dead*) exec sleep 600;; *gone*) echo 5;;\n"
                             "*) echo 0 4096 1000 250 64 32;; esac; done\n";

class TestNetworkMounts : public QObject {
    Q_OBJECT

    std::unique_ptr<TreeFolder> m_folder;
    fs::path m_root;
    std::string m_script;

    /// Polls in its own time until nothing is asked any more; `now` goes on.
    static void settle(MountProbe &probe, int64_t &now, std::size_t known)
    {
        for (int i = 0; i < 2000 && probe.states().size() < known; ++i) {
            probe.poll(now);
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }

    /// Until the child has been started.
    static void begin(MountProbe &probe, int64_t now)
    {
        probe.poll(now);
        for (int i = 0; i < 2000 && !probe.isAsking(); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            probe.poll(now);
        }
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<TreeFolder>();
        m_root = m_folder->root;
        m_script = (m_root / "probe").string();
        write(m_script, script);
        ::chmod(m_script.c_str(), 0700);
        qputenv("PILOTHOUSE_MOUNT_PROBE", m_script.c_str());
    }
    void cleanup()
    {
        qunsetenv("PILOTHOUSE_MOUNT_PROBE");
        m_folder.reset();
    }

    void oneThatHangsHoldsUpNothing()
    {
        MountProbe probe({m_script});
        int64_t now = second;
        probe.ask({"/a", "/dead", "/gone", "/b"});
        settle(probe, now, 1); // pushed to the front: b, gone, dead, a
        settle(probe, now, 2);
        QVERIFY(!probe.states().contains("/dead"));
        now += MountProbe::staleNs;
        probe.poll(now);
        QVERIFY(probe.states().at("/dead").stale);
        QCOMPARE(probe.states().at("/dead").staleSinceNs, second);
        settle(probe, now, 4); // another child goes on behind it
        QCOMPARE(probe.states().at("/a").usage->blocks, uint64_t(1000));
        QCOMPARE(probe.states().at("/b").usage->freeBlocks, uint64_t(250));
        QCOMPARE(probe.states().at("/gone").error, 5);
        QVERIFY(!probe.states().at("/gone").usage);
    }

    void oneThatComesBackIsGood()
    {
        MountProbe probe({m_script});
        int64_t now = second;
        probe.ask({"/dead"});
        begin(probe, now);
        now += MountProbe::staleNs;
        probe.poll(now);
        QVERIFY(probe.states().at("/dead").stale);
        write(m_script, "#!/bin/sh\necho 0 4096 10 5 0 0\n");
        ::chmod(m_script.c_str(), 0700);
        for (int i = 0; i < 2000 && probe.states().at("/dead").stale; ++i) {
            probe.ask({"/dead"});
            probe.poll(now += second / 100);
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        QVERIFY(!probe.states().at("/dead").stale);
        QCOMPARE(probe.states().at("/dead").usage->blocks, uint64_t(10));
        for (int i = 0; i < 2000 && !probe.states().empty(); ++i) { // unmounted
            probe.ask({});
            probe.poll(now += second / 100);
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        QVERIFY(probe.states().empty());
    }

    void nonsenseIsNoAnswer()
    {
        write(m_script, "#!/bin/sh\nhead -c 100000 /dev/zero\necho hello\necho 0 1 2\nexit 3\n");
        ::chmod(m_script.c_str(), 0700);
        MountProbe probe({m_script});
        probe.ask({"/a", "/b"});
        int64_t now = second;
        for (int i = 0; i < 100; ++i) {
            probe.poll(now);
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        for (const auto &[path, state] : probe.states())
            QVERIFY(!state.usage && !state.stale);
        MountProbe none({"/no/such/program"});
        none.ask({"/a"});
        for (int i = 0; i < 20; ++i) {
            none.poll(now += second);
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        QVERIFY(none.states().empty());
        QVERIFY(!none.isAsking() && !none.startHangs());
    }

    void aPathIsAskedOnce()
    {
        write(m_script, "#!/bin/sh\necho 0 4096 $# 0 0 0\n");
        ::chmod(m_script.c_str(), 0700);
        MountProbe probe({m_script});
        int64_t now = second;
        probe.ask({"/a", "/a", "/a"});
        settle(probe, now, 1);
        QCOMPARE(probe.states().at("/a").usage->blocks, uint64_t(1));
    }

    void whatUsersMountFillsNothing()
    {
        const CollectorInfo *only[] = {&networkMountCollector};
        Host host(m_root, only);
        std::size_t most = 0;
        for (int round = 0; round < 10; ++round) {
            std::string mounts;
            for (int i = 0; i < 40; ++i)
                mounts += "gone /gone" + std::to_string(round * 40 + i) + " fuse.x rw 0 0\n";
            write(m_root / "proc/self/mounts", mounts + "storage:/x /data nfs4 rw 0 0\n");
            for (int i = 0; i < 60; ++i) {
                std::this_thread::sleep_for(std::chrono::milliseconds(2));
                host.sample();
            }
            most = std::max(most, host.registry.catalogue().unsupported.size());
        }
        for (int i = 0; i < 2000 && !host.has("mount_stale", "/data"); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            host.sample();
        }
        QVERIFY(host.has("mount_stale", "/data")); // not theirs, so it has a place
        const auto catalogue = host.registry.catalogue();
        const auto rows = std::count_if(catalogue.series.begin(), catalogue.series.end(),
            [](const auto &one) { return one.metric == "mount_stale"; });
        QVERIFY(rows <= 33);
        QVERIFY(most <= 40);
        // Those are gone, so nothing is said of them any more.
        QVERIFY(catalogue.unsupported.size() <= 3);
        QVERIFY(!host.reason("mount_stale").empty());
    }

    void theRealProbeAnswers() { QCOMPARE(runMountProbe({"/no/such/folder", "/"}), 0); }

    void mountsAreShownByName()
    {
        write(m_root / "proc/self/mounts",
            "/dev/sda1 / ext4 rw 0 0\n"
            "storage-01:/export /data nfs4 rw 0 0\n"
            "storage-02:/x /mnt/dead\\040one nfs rw 0 0\n"
            "portal /run/user/1000/doc fuse.portal rw 0 0\n"
            "cut\n");
        const CollectorInfo *only[] = {&networkMountCollector};
        Host host(m_root, only);
        for (int i = 0; i < 2000 && !host.has("mount_stale", "/mnt/dead one"); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            host.sample();
        }
        QCOMPARE(host.value("mount_stale", "/mnt/dead one"), 1.0);
        QCOMPARE(host.reason("filesystem_free_bytes", "/mnt/dead one"),
            std::string("nfs storage-02:/x does not answer"));
        for (int i = 0; i < 2000 && !host.has("mount_stale", "/data"); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            host.sample();
        }
        QCOMPARE(host.value("mount_stale", "/data"), 0.0);
        QCOMPARE(host.value("filesystem_size_bytes", "/data"), 4096.0 * 1000);
        QCOMPARE(host.value("filesystem_free_bytes", "/data"), 4096.0 * 250);
        QCOMPARE(host.value("collector_success", "network-mounts"), 1.0);
    }

    void stuckProcessesAreFoundWhereTheLoadTellsOfThem()
    {
        const auto stat = [](const char *state, int ticks) {
            return "(a (b) c) " + std::string(state) + " 1 1 1 0 -1 0 0 0 0 0 "
                + std::to_string(ticks) + " 0 0 0 20 0 1 0 500 1000 10\n";
        };
        write(m_root / "proc/7/stat", "7 " + stat("D", 5));
        write(m_root / "proc/8/stat", "8 " + stat("D", 5));
        write(m_root / "proc/9/stat", "9 " + stat("S", 5));
        write(m_root / "proc/10/stat", "10 (cut");
        write(m_root / "proc/loadavg", "0.10 0.10 0.10 1/345 99\n");
        const CollectorInfo *only[] = {&stuckCollector};
        Host host(m_root, only);
        QCOMPARE(host.value("processes_uninterruptible"), 0.0); // no load, not looked for
        write(m_root / "proc/loadavg", "2.00 1.00 0.50 1/345 99\n");
        for (int i = 0; i < 30; ++i)
            host.sample();
        QCOMPARE(host.value("processes_uninterruptible"), 2.0);
        QCOMPARE(host.value("processes_stuck"), 0.0); // seen once
        write(m_root / "proc/8/stat", "8 " + stat("D", 6)); // it ran meanwhile
        for (int i = 0; i < 30; ++i)
            host.sample();
        QCOMPARE(host.value("processes_stuck"), 1.0);
        write(m_root / "proc/loadavg", "x");
        for (int i = 0; i < 30; ++i)
            host.sample();
        QCOMPARE(host.value("collector_success", "stuck"), 0.0);
    }
};

QTEST_GUILESS_MAIN(TestNetworkMounts)
#include "test_networkmounts.moc"
