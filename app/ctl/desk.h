// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/invocation.h"
#include "app/ctl/ttyprompter.h"
#include "core/acts/act.h"
#include "core/acts/services.h"
#include "core/session/link.h"
#include "core/types/job.h"
#include "core/types/target.h"

#include <functional>
#include <memory>
#include <stop_token>

namespace pilothouse {
class DemoFleet;
}

namespace pilothouse::ctl {

/// What every verb works on: the core, made for one command line. The telemetry store stays shut:
/// only “storage” looks into it, and its one writer is the console.
class Desk {
public:
    Desk();
    ~Desk();
    /// `demo`: works on its nodes; null = on the user's targets.
    Result<> open(const Invocation &invocation, const DemoFleet *demo = nullptr);

    Services &services() { return m_services; }
    const Services &services() const { return m_services; }
    TtyPrompter &prompter() { return m_prompter; }
    const Context &context() const { return m_context; }
    bool json() const { return m_json; }
    void stop() { m_stop.request_stop(); }
    /// Who gets SIGINT and SIGTERM instead of stopping this command; null = nobody.
    std::function<void(int signal)> onSignal;

    /// "local", an alias or a name.
    Result<Target> target(const QString &name) const;
    /// Runs an act; asks for a protected target's name when there is a terminal and no --confirm.
    Task<Result<QJsonObject>> run(QString act, ActRequest request);
    /// Connects through the act.
    Task<Result<std::shared_ptr<const Link>>> connectTo(Target target);
    /// The same, and an error when it has no agent.
    Task<Result<std::shared_ptr<const Link>>> connectToAgent(Target target);
    /// Asks a connected target, its agent and its engines, how the jobs there are.
    Task<Result<>> refresh(Target connected);
    /// Finds a job, connects to its target and asks how it is now.
    Task<Result<Job>> reachJob(QString idPrefixOrName);
    QString targetName(const QString &idOrName) const; ///< "local", an alias or a name

private:
    TtyPrompter m_prompter;
    std::unique_ptr<Workspace> m_workspace;
    std::unique_ptr<Ledger> m_ledger;
    std::unique_ptr<EngineService> m_engines;
    std::unique_ptr<JobService> m_jobs;
    std::unique_ptr<GpuTestService> m_gpuTests;
    std::unique_ptr<ActRunner> m_runner;
    Services m_services;
    std::stop_source m_stop;
    Context m_context;
    QString m_confirm;
    bool m_json = false;
};

/// Prints the error; gives its exit code.
int failed(const Desk &desk, const Error &error);

} // namespace pilothouse::ctl
