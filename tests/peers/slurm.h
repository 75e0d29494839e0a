// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>

namespace pilothouse {

/// A real Slurm of its own: munged, slurmctld and two nodes, gpu01 and gpu02, with 64 CPUs and
/// eight "h100" each, on free ports of 127.0.0.1 and in one temporary folder. Partitions: batch
/// (default), short (5 minutes at most), closed (down). What it leaves running ends with it.
class Slurm {
public:
    /// `extra`: more lines for slurm.conf.
    explicit Slurm(QStringList extra = {});
    ~Slurm();
    Slurm(const Slurm &) = delete;
    Slurm &operator=(const Slurm &) = delete;

    /// Why there can be none here; empty when there can.
    static QString missing();
    /// Accounting too: MariaDB and slurmdbd. Before start(), which then takes some seconds more.
    void keepAccounts() { m_accounts = true; }
    static QString accountsMissing(); ///< as missing()
    /// Returns when both nodes are idle. False: see log().
    bool start();
    bool startController();
    void stopController(); ///< it keeps what it knows for the next start
    bool startNode(const QString &name);
    void killNode(const QString &name); ///< and everything that runs on it

    QString file(const QString &name) const { return m_folder.filePath(name); }
    QMap<QString, QString> environment() const; ///< that a client needs
    /// Runs a client to its end, "?" and the error text when it fails.
    QString run(const QStringList &argv, const QByteArray &input = {}) const;
    QString state(const QString &job) const; ///< squeue's word: "RUNNING"
    bool waitForState(const QString &job, const QString &state) const;
    QByteArray log() const; ///< the controller's

private:
    bool writeFiles();
    bool startAccounts();
    QStringList accountLines() const; ///< for slurm.conf
    bool launch(QProcess &process, const QStringList &argv) const;

    QStringList m_extra;
    QTemporaryDir m_folder;
    bool m_accounts = false;
    quint16 m_controllerPort = 0, m_databasePort = 0, m_accountsPort = 0;
    QMap<QString, quint16> m_nodePorts;
    QProcess m_munge, m_controller, m_database, m_accounting;
    std::map<QString, std::unique_ptr<QProcess>> m_nodes;
};

} // namespace pilothouse
