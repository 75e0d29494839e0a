// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Paths in the shapes that Slurm, Kubernetes, Docker, Podman, LXC and systemd document.
#include "core/attribution/cgroup.h"

#include <QRegularExpression>
#include <QTest>

using namespace pilothouse;

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define POD "2b7f6a4e-90c1-4d2e-8f3a-0a1b2c3d4e5f"
#define POD_ "2b7f6a4e_90c1_4d2e_8f3a_0a1b2c3d4e5f"

class TestAttribution : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void owners_data()
    {
        QTest::addColumn<QString>("said");
        QTest::addColumn<int>("uid");
        const auto row = [](const char *path, const char *said, int uid = -1) {
            QTest::newRow(path) << QString::fromLatin1(said) << uid;
        };
        row("/slurm/uid_1000/job_4711/step_0/task_0", "Slurm 4711.0", 1000);
        row("/slurm/uid_1000/job_4711/step_batch", "Slurm 4711.batch", 1000);
        row("/slurm/uid_1000/job_4711", "Slurm 4711", 1000);
        row("/slurm_gpu07/uid_0/job_12/step_extern", "Slurm 12.extern", 0);
        row("/system.slice/slurmstepd.scope/job_4711/step_3/user/task_1", "Slurm 4711.3");
        row("/system.slice/gpu07_slurmstepd.scope/job_5/step_interactive/user/task_0",
            "Slurm 5.interactive");
        row("/system.slice/slurmstepd.scope/job_7/step_0/user/task_0/docker/" ID, "Slurm 7.0");
        row("/system.slice/slurmstepd.scope/system", "");
        row("/system.slice/slurmd.service", "slurmd");
        row("/slurm/uid_1000/job_x", "");
        row("/kubepods/burstable/pod" POD "/" ID, "Pod 2b7f6a4e");
        row("/kubepods/pod" POD "/" ID, "Pod 2b7f6a4e");
        row("/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" POD_
            ".slice/cri-containerd-" ID ".scope",
            "Pod 2b7f6a4e");
        row("/kubepods.slice/kubepods-pod" POD_ ".slice/crio-" ID ".scope", "Pod 2b7f6a4e");
        row("/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/"
            "kubelet-kubepods-burstable-pod" POD_ ".slice/cri-containerd-" ID ".scope",
            "Pod 2b7f6a4e");
        row("/system.slice/containerd.service/kubepods-burstable-pod" POD_
            ".slice:cri-containerd:" ID,
            "Pod 2b7f6a4e");
        row("/kubepods/besteffort/pod0123456789abcdef0123456789abcdef/" ID, "Pod 01234567");
        row("/kubepods.slice", "");
        row("/docker/" ID, "docker 0123456789ab");
        row("/system.slice/docker-" ID ".scope", "docker 0123456789ab");
        row("/machine.slice/libpod-" ID ".scope/container", "podman 0123456789ab");
        row("/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" ID
            ".scope/container",
            "podman 0123456789ab");
        row("/machine.slice/libpod-conmon-" ID ".scope", "");
        row("/lxc/web1/user.slice", "lxc web1");
        row("/lxc.payload.web1/system.slice/nginx.service", "lxc web1");
        row("/system.slice/jupyterhub.service", "jupyterhub");
        row("/user.slice/user-1000.slice/session-3.scope", "", 1000);
        row("/user.slice/user-1000.slice/user@1000.service/app.slice/run.service", "run", 1000);
        row("/docker/0123", "");
        row("/system.slice/docker-" ID "0.scope", "");
        row("/", "");
        row("", "");
    }

    void owners()
    {
        QFETCH(QString, said);
        QFETCH(int, uid);
        const auto owner = cgroupOwner(QString::fromLatin1(QTest::currentDataTag()));
        QCOMPARE(cgroupOwnerText(owner), said);
        QCOMPARE(owner.uid ? int(*owner.uid) : -1, uid);
    }

    void partsAreKept()
    {
        const auto pod = cgroupOwner(
            QStringLiteral("/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" POD_
                           ".slice/cri-containerd-" ID ".scope"));
        QVERIFY(pod.kind == CgroupOwner::Kind::Pod);
        QCOMPARE(pod.pod, QStringLiteral(POD));
        QCOMPARE(pod.container, QStringLiteral(ID));
        QCOMPARE(pod.runtime, QStringLiteral("containerd"));
        const auto session
            = cgroupOwner(QStringLiteral("/user.slice/user-1000.slice/session-3.scope"));
        QVERIFY(session.kind == CgroupOwner::Kind::Session);
        QVERIFY(cgroupOwner(QStringLiteral("/x/y")) == CgroupOwner());
    }
};

QTEST_GUILESS_MAIN(TestAttribution)
#include "test_attribution.moc"
