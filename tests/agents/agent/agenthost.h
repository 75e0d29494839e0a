// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pilothouse/agent/v1/agent.grpc.pb.h"

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <optional>

namespace pilothouse::test {

namespace v1 = agent::v1;

/// One connection to an agent: a `pilothouse-agent connect` process and a channel over its stdio.
class AgentConnection {
public:
    AgentConnection(const QString &program, const QStringList &environment);
    ~AgentConnection();
    AgentConnection(const AgentConnection &) = delete;
    AgentConnection &operator=(const AgentConnection &) = delete;

    bool isOpen() const { return m_stub != nullptr; }
    v1::Agent::Stub *operator->() const { return m_stub.get(); }
    void cut(); ///< kills the bridge, as a lost SSH link does
    QByteArray trouble() const { return m_trouble; } ///< stderr, when it did not open

private:
    pid_t m_pid = 0;
    QByteArray m_trouble;
    std::shared_ptr<grpc::Channel> m_channel;
    std::unique_ptr<v1::Agent::Stub> m_stub;
};

struct Ran {
    int exitCode = -1;
    QByteArray out, err;
};

/// A "host" for an agent: own home, run folder and machine id below one temporary folder. Stops the
/// daemon and every job when it goes.
class AgentHost {
public:
    /// `home` of another host: both share it, as over NFS.
    explicit AgentHost(
        const QString &machineId = QStringLiteral("0123456789abcdef0123456789abcdef"),
        const AgentHost *home = nullptr);
    ~AgentHost();

    std::unique_ptr<AgentConnection> connect() const;
    Ran run(const QStringList &arguments, const QString &program = {}) const;
    int daemonPid() const; ///< 0 = none
    void killDaemon() const; ///< KILL, and waits until it is gone

    QString program() const { return m_program; }
    void setProgram(const QString &program) { m_program = program; }
    QStringList environment() const;
    QString home() const { return m_home; }
    QString runFolder() const { return m_run; }
    QString stateFolder() const;
    QString jobFolder(const QString &id) const
    {
        return stateFolder() + QStringLiteral("/jobs/") + id;
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_program, m_home, m_run, m_machineId;
};

/// Waits for a call that has a deadline of 30 s.
struct CallContext : grpc::ClientContext {
    CallContext() { set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30)); }
};

v1::SubmitJobRequest command(const std::string &id, const std::vector<std::string> &argv);
v1::SubmitJobRequest shell(const std::string &id, const std::string &script);
std::optional<v1::Job> job(AgentConnection &agent, const std::string &id);
/// Follows the job through WatchJobs until it has ended.
v1::Job waitForEnd(AgentConnection &agent, const std::string &id);
std::string logOf(AgentConnection &agent, const std::string &id);
bool processExists(int pid);
/// Polls; false after half a minute.
bool eventually(const std::function<bool()> &holds);

} // namespace pilothouse::test
