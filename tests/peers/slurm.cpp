// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/peers/slurm.h"

#include "tests/peers/freeport.h"
#include "tests/peers/slurmparts.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QRandomGenerator>
#include <QStandardPaths>
#include <QSysInfo>
#include <QThread>

#include <csignal>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace pilothouse {

QString slurmProgram(const QString &name)
{
    return QStandardPaths::findExecutable(
        name, {QStringLiteral("/usr/sbin"), QStringLiteral("/usr/bin")});
}

bool slurmEventually(const std::function<bool()> &holds)
{
    QElapsedTimer waited;
    waited.start();
    while (!holds()) {
        if (waited.elapsed() > 30'000)
            return false;
        QThread::msleep(20);
    }
    return true;
}

Slurm::Slurm(QStringList extra)
    : m_extra(std::move(extra))
{
}

Slurm::~Slurm()
{
    for (const auto &node : m_nodes)
        killNode(node.first);
    m_controller.kill();
    m_controller.waitForFinished();
    for (QProcess *server : {&m_accounting, &m_database, &m_munge}) {
        server->kill();
        server->waitForFinished();
    }
}

QString Slurm::missing()
{
    for (const auto &[name, package] :
        {std::pair("munged", "munge"), std::pair("slurmctld", "slurmctld"),
            std::pair("slurmd", "slurmd"), std::pair("sbatch", "slurm-client")}) {
        if (slurmProgram(QString::fromLatin1(name)).isEmpty())
            return QStringLiteral("no %1 here (package %2)")
                .arg(QLatin1String(name), QLatin1String(package));
    }
    return geteuid() == 0 ? QString() : QStringLiteral("only root can make device nodes for GPUs");
}

bool Slurm::writeFiles()
{
    for (const auto *folder : {"munge", "state", "spool", "log", "nodes"})
        QDir().mkpath(file(QString::fromLatin1(folder)));
    for (unsigned i = 0; i < 8; ++i)
        ::mknod(QFile::encodeName(file(QStringLiteral("nodes/nvidia%1").arg(i))), S_IFCHR | 0600,
            makedev(195, i));
    QFile key(file(QStringLiteral("munge/key")));
    if (!key.open(QFile::WriteOnly))
        return false;
    key.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    for (int i = 0; i < 128; ++i) {
        const quint64 random = QRandomGenerator::system()->generate64();
        key.write(reinterpret_cast<const char *>(&random), sizeof random);
    }
    QFile gres(file(QStringLiteral("gres.conf"))), cgroup(file(QStringLiteral("cgroup.conf")));
    QFile conf(file(QStringLiteral("slurm.conf")));
    if (!gres.open(QFile::WriteOnly) || !cgroup.open(QFile::WriteOnly)
        || !conf.open(QFile::WriteOnly))
        return false;
    cgroup.write("CgroupAutomount=no\n");
    gres.write("NodeName=gpu[01-02] Name=gpu Type=h100 File="
        + QFile::encodeName(file(QStringLiteral("nodes/nvidia[0-7]"))) + '\n');
    // Without the CommunicationParameters the daemons listen on all addresses.
    QString text = QStringLiteral(R"(ClusterName=pilot
SlurmctldHost=%1(127.0.0.1)
SlurmctldPort=%2
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=%3/munge/socket
StateSaveLocation=%3/state
SlurmdSpoolDir=%3/spool/%n
SlurmctldPidFile=%3/slurmctld.pid
SlurmdPidFile=%3/slurmd-%n.pid
SlurmctldLogFile=%3/log/slurmctld.log
SlurmdLogFile=%3/log/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
ReturnToService=2
KillWait=1
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
GresTypes=gpu
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SchedulerParameters=sched_min_interval=0,batch_sched_delay=0,bf_interval=1
SlurmdParameters=config_overrides
PartitionName=batch Nodes=gpu01,gpu02 Default=YES State=UP
PartitionName=short Nodes=gpu01,gpu02 MaxTime=5 State=UP
PartitionName=closed Nodes=gpu01,gpu02 State=DOWN
)")
                       .arg(QSysInfo::machineHostName())
                       .arg(m_controllerPort)
                       .arg(m_folder.path());
    for (auto it = m_nodePorts.cbegin(); it != m_nodePorts.cend(); ++it)
        text += QStringLiteral("NodeName=%1 NodeAddr=127.0.0.1 NodeHostname=%2 Port=%3 CPUs=64 "
                               "SocketsPerBoard=2 CoresPerSocket=32 RealMemory=512000 "
                               "Gres=gpu:h100:8\n")
                    .arg(it.key(), QSysInfo::machineHostName())
                    .arg(it.value());
    for (const auto &line : accountLines() + m_extra)
        text += line + QLatin1Char('\n');
    conf.write(text.toUtf8());
    return true;
}

bool Slurm::launch(QProcess &process, const QStringList &argv) const
{
    auto all = QProcessEnvironment::systemEnvironment();
    all.insert(QStringLiteral("SLURM_CONF"), file(QStringLiteral("slurm.conf")));
    process.setProcessEnvironment(all);
    // A test that crashes leaves no server behind.
    process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    process.setStandardOutputFile(QProcess::nullDevice());
    process.setStandardErrorFile(file(QStringLiteral("log/stderr")), QIODevice::Append);
    process.start(argv.first(), argv.mid(1));
    return process.waitForStarted();
}

bool Slurm::start()
{
    m_controllerPort = freePort();
    m_databasePort = freePort();
    m_accountsPort = freePort();
    m_nodePorts = {{QStringLiteral("gpu01"), freePort()}, {QStringLiteral("gpu02"), freePort()}};
    if (!writeFiles())
        return false;
    const QString folder = file(QStringLiteral("munge"));
    if (!launch(m_munge,
            {slurmProgram(QStringLiteral("munged")), QStringLiteral("--foreground"),
                QStringLiteral("--force"), QStringLiteral("--socket=%1/socket").arg(folder),
                QStringLiteral("--key-file=%1/key").arg(folder),
                QStringLiteral("--pid-file=%1/pid").arg(folder),
                QStringLiteral("--log-file=%1/log").arg(folder),
                QStringLiteral("--seed-file=%1/seed").arg(folder)})
        || !slurmEventually([&] { return QFile::exists(folder + QStringLiteral("/socket")); })
        || (m_accounts && !startAccounts()) || !startController())
        return false;
    for (auto it = m_nodePorts.cbegin(); it != m_nodePorts.cend(); ++it) {
        if (!startNode(it.key()))
            return false;
    }
    return slurmEventually([this] {
        return run({QStringLiteral("sinfo"), QStringLiteral("-hp"), QStringLiteral("batch"),
                   QStringLiteral("-o%D%T")})
            == QLatin1String("2idle\n");
    });
}

bool Slurm::startController()
{
    return launch(m_controller,
               {slurmProgram(QStringLiteral("slurmctld")), QStringLiteral("-D"),
                   QStringLiteral("-f"), file(QStringLiteral("slurm.conf"))})
        && slurmEventually([this] { return portAnswers(m_controllerPort); });
}

void Slurm::stopController()
{
    m_controller.terminate();
    if (!m_controller.waitForFinished(10'000)) {
        m_controller.kill();
        m_controller.waitForFinished();
    }
}

bool Slurm::startNode(const QString &name)
{
    auto &node = m_nodes[name];
    node = std::make_unique<QProcess>();
    // A namespace of its own: jobs leave the daemon's process tree, but not this.
    return launch(*node,
        {QStringLiteral("unshare"), QStringLiteral("--pid"), QStringLiteral("--fork"),
            QStringLiteral("--kill-child"), QStringLiteral("--mount-proc"),
            slurmProgram(QStringLiteral("slurmd")), QStringLiteral("-D"), QStringLiteral("-f"),
            file(QStringLiteral("slurm.conf")), QStringLiteral("-N"), name});
}

void Slurm::killNode(const QString &name)
{
    const auto node = m_nodes.find(name);
    if (node == m_nodes.end() || node->second->state() == QProcess::NotRunning)
        return;
    node->second->kill();
    node->second->waitForFinished();
}

QMap<QString, QString> Slurm::environment() const
{
    return {{QStringLiteral("SLURM_CONF"), file(QStringLiteral("slurm.conf"))}};
}

QString Slurm::run(const QStringList &argv, const QByteArray &input) const
{
    QProcess client;
    auto all = QProcessEnvironment::systemEnvironment();
    all.insert(QStringLiteral("SLURM_CONF"), file(QStringLiteral("slurm.conf")));
    client.setProcessEnvironment(all);
    client.setWorkingDirectory(m_folder.path());
    client.start(argv.first(), argv.mid(1));
    client.write(input);
    client.closeWriteChannel();
    client.waitForFinished();
    if (client.exitStatus() != QProcess::NormalExit || client.exitCode() != 0)
        return QLatin1Char('?') + QString::fromUtf8(client.readAllStandardError());
    return QString::fromUtf8(client.readAllStandardOutput());
}

QString Slurm::state(const QString &job) const
{
    return run({QStringLiteral("squeue"), QStringLiteral("-ht"), QStringLiteral("all"),
                   QStringLiteral("-j"), job, QStringLiteral("-o%T")})
        .trimmed();
}

bool Slurm::waitForState(const QString &job, const QString &wanted) const
{
    return slurmEventually([&] { return state(job) == wanted; });
}

QByteArray Slurm::log() const
{
    QByteArray all;
    for (const auto *name : {"log/stderr", "log/slurmctld.log"}) {
        QFile log(file(QString::fromLatin1(name)));
        if (log.open(QFile::ReadOnly))
            all += log.readAll();
    }
    return all;
}

} // namespace pilothouse
