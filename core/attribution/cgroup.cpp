// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/attribution/cgroup.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QStringList>

namespace pilothouse {

namespace {

constexpr qsizetype longestPath = 8192, longestName = 255;

/// The part after a prefix; null when it is another.
QString after(const QString &name, const char *prefix)
{
    const QLatin1String begin(prefix);
    return name.startsWith(begin) ? name.mid(begin.size()) : QString();
}

bool isNumber(const QString &text)
{
    return !text.isEmpty() && text.size() <= 10
        && std::all_of(text.begin(), text.end(),
            [](QChar c) { return c >= QLatin1Char('0') && c <= QLatin1Char('9'); });
}

std::optional<quint32> number(const QString &text)
{
    bool good = false;
    const quint32 value = isNumber(text) ? text.toUInt(&good) : 0;
    return good ? std::optional(value) : std::nullopt;
}

bool isContainerId(const QString &text)
{
    static const QRegularExpression hex(QStringLiteral("\\A[0-9a-f]{64}\\z"));
    return hex.match(text).hasMatch();
}

/// /slurm/uid_1000/job_7/step_0/task_0 (v1), system.slice/slurmstepd.scope/job_7/step_0/user (v2);
/// a node's name stands before "slurm" where several slurmd run.
bool readSlurm(const QStringList &names, CgroupOwner &owner)
{
    qsizetype at = 0;
    while (at < names.size() && names[at] != QLatin1String("slurm")
        && !names[at].startsWith(QLatin1String("slurm_"))
        && !names[at].endsWith(QLatin1String("slurmstepd.scope")))
        ++at;
    for (++at; at < names.size(); ++at) {
        if (const auto uid = number(after(names[at], "uid_")))
            owner.uid = uid;
        else if (const QString job = after(names[at], "job_"); isNumber(job) && owner.job.isEmpty())
            owner.job = job;
        else if (const QString step = after(names[at], "step_");
                 !step.isEmpty() && owner.step.isEmpty())
            owner.step = step.left(longestName);
    }
    if (owner.job.isEmpty())
        return false;
    owner.kind = CgroupOwner::Kind::SlurmStep;
    return true;
}

/// A scope's or folder's name with a container's id in it: "cri-containerd-ID.scope",
/// "docker-ID.scope", "libpod-ID.scope", "ID". The monitors of containers (conmon) are none.
bool readContainer(QString name, CgroupOwner &owner)
{
    if (name.endsWith(QLatin1String(".scope")))
        name.chop(6);
    // containerd under systemd's own service: "kubepods-....slice:cri-containerd:ID"
    name = name.section(QLatin1Char(':'), -2).replace(QLatin1Char(':'), QLatin1Char('-'));
    const QString id = name.right(64);
    const QString prefix = name.chopped(std::min<qsizetype>(64, name.size()));
    if (!isContainerId(id) || prefix.contains(QLatin1String("conmon")))
        return false;
    owner.container = id;
    owner.runtime = prefix == QLatin1String("cri-containerd-") ? QStringLiteral("containerd")
        : prefix == QLatin1String("crio-")                     ? QStringLiteral("cri-o")
        : prefix == QLatin1String("docker-")                   ? QStringLiteral("docker")
        : prefix == QLatin1String("libpod-")                   ? QStringLiteral("podman")
                                                               : QString();
    return prefix.isEmpty() || !owner.runtime.isEmpty();
}

/// "kubepods-burstable-pod2b7f6a4e_....slice" (systemd driver) or "pod2b7f6a4e-..." (cgroupfs).
QString podOf(const QString &name)
{
    static const QRegularExpression pod(
        QStringLiteral("(?:\\A|-)pod([0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_]["
                       "0-9a-f]{12}|[0-9a-f]{32})"
                       "(?:\\.slice.*)?\\z"));
    const auto match = pod.match(name);
    return match.hasMatch() ? match.captured(1).replace(QLatin1Char('_'), QLatin1Char('-'))
                            : QString();
}

bool readPod(const QStringList &names, CgroupOwner &owner)
{
    bool inPods = false;
    for (const auto &name : names) {
        inPods = inPods || name.contains(QLatin1String("kubepods"));
        if (!inPods)
            continue;
        if (const QString pod = podOf(name); !pod.isEmpty())
            owner.pod = pod;
        if (!owner.pod.isEmpty())
            readContainer(name, owner);
    }
    if (owner.pod.isEmpty())
        return false;
    owner.kind = CgroupOwner::Kind::Pod;
    return true;
}

bool readPlainContainer(const QStringList &names, CgroupOwner &owner)
{
    QString before;
    for (const auto &name : names) {
        CgroupOwner found;
        if (const QString lxc = after(name, "lxc.payload.");
            !lxc.isEmpty() || before == QLatin1String("lxc")) {
            owner.container = (lxc.isEmpty() ? name : lxc).left(longestName);
            owner.runtime = QStringLiteral("lxc");
        } else if (readContainer(name, found)) {
            owner.container = found.container;
            owner.runtime = found.runtime.isEmpty() && before == QLatin1String("docker")
                ? QStringLiteral("docker")
                : found.runtime;
        }
        before = name;
    }
    if (owner.container.isEmpty())
        return false;
    owner.kind = CgroupOwner::Kind::Container;
    return true;
}

void readSystemd(const QStringList &names, CgroupOwner &owner)
{
    for (const auto &name : names) {
        if (const QString user = after(name, "user-"); user.endsWith(QLatin1String(".slice")))
            owner.uid = number(user.chopped(6));
        const bool session
            = name.startsWith(QLatin1String("session-")) || name.startsWith(QLatin1String("user@"));
        if (session && owner.uid) {
            owner.kind = CgroupOwner::Kind::Session;
        } else if (name.endsWith(QLatin1String(".service"))) {
            owner.kind = CgroupOwner::Kind::Service;
            owner.unit = name.left(longestName);
        }
    }
}

} // namespace

CgroupOwner cgroupOwner(const QString &path)
{
    const auto names = path.left(longestPath).split(QLatin1Char('/'), Qt::SkipEmptyParts);
    CgroupOwner owner;
    if (readSlurm(names, owner))
        return owner;
    owner = {};
    if (readPod(names, owner))
        return owner;
    owner = {};
    if (readPlainContainer(names, owner))
        return owner;
    owner = {};
    readSystemd(names, owner);
    return owner;
}

QString cgroupOwnerText(const CgroupOwner &owner)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("processes", text); };
    switch (owner.kind) {
    case CgroupOwner::Kind::SlurmStep:
        return tr("Slurm %1")
            .arg(owner.step.isEmpty() ? owner.job : owner.job + QLatin1Char('.') + owner.step);
    case CgroupOwner::Kind::Pod:
        return tr("Pod %1").arg(owner.pod.left(8));
    case CgroupOwner::Kind::Container:
        return (owner.runtime.isEmpty() ? tr("container") : owner.runtime) + QLatin1Char(' ')
            + (owner.runtime == QLatin1String("lxc") ? owner.container : owner.container.left(12));
    case CgroupOwner::Kind::Service:
        return owner.unit.chopped(8);
    default:
        return {};
    }
}

} // namespace pilothouse
