// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace pilothouse {

/// Whose a process is, as far as its control group tells.
struct CgroupOwner {
    enum class Kind {
        None, ///< the group tells nothing
        SlurmStep, ///< job and step
        Pod, ///< of Kubernetes: pod, container, runtime
        Container, ///< of Docker, Podman or LXC: container, runtime
        Service, ///< of systemd: unit
        Session, ///< somebody's login: uid
    };
    Kind kind = Kind::None;
    QString job, step; ///< "4711"; "0", "batch", "extern", "interactive"; empty = the whole job
    QString pod; ///< UID: "2b7f6a4e-..."
    QString container,
        runtime; ///< 64 hexadecimal digits, or a name for LXC; "docker", "podman" ...
    QString unit; ///< "jupyterhub.service"
    std::optional<quint32> uid; ///< where the group says whose it is

    bool operator==(const CgroupOwner &) const = default;
};

/// Of a path below the mount of cgroup v1 or v2, as /proc/PID/cgroup gives it. The innermost owner
/// counts: a container that a Slurm step started is the step's (that is who asked for the GPU), but
/// a container in a pod is the pod's. Sources: slurm.conf(5) and Slurm's cgroup plugins,
/// Kubernetes' cgroup drivers, systemd's special slices.
CgroupOwner cgroupOwner(const QString &path);

/// "Slurm 4711.0", "Pod 2b7f6a4e", "docker 0123456789ab", "jupyterhub"; empty for a session or
/// nothing, since the user's name says it.
QString cgroupOwnerText(const CgroupOwner &owner);

} // namespace pilothouse
