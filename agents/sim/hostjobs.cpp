// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: Apache-2.0
// Jobs, processes and logs of simulated nodes.
#include "agents/sim/host.h"

#include <algorithm>
#include <bit>

namespace pilothouse::sim {

static constexpr double recentSeconds = 7200; ///< how long an ended job is told of
static constexpr double submittedSeconds = 120; ///< how long a job handed in by a person runs

static v1::JobState stateOf(const SimJob &job, double at)
{
    switch (job.phase(at)) {
    case JobPhase::Queued:
        return v1::QUEUED;
    case JobPhase::Running:
        return v1::RUNNING;
    case JobPhase::Ended:
        break;
    }
    return job.outcome == JobOutcome::Succeeded ? v1::SUCCEEDED
        : job.outcome == JobOutcome::Failed     ? v1::FAILED
                                                : v1::CANCELLED;
}

v1::Job SimHost::describe(const SimJob &from, std::size_t node) const
{
    v1::Job job;
    const double at = m_fleet.toCourse(m_clock.second());
    const auto wall = [&](double moment) { return m_clock.wallNs(m_fleet.toSecond(moment)); };
    const auto gpus = gpusOn(from, node);
    job.set_id(idOn(from, node));
    auto *spec = job.mutable_spec();
    spec->set_client_id(job.id());
    spec->set_name(from.name);
    for (const auto &word : from.command)
        spec->add_argv(word);
    spec->set_folder("/home/" + from.person);
    job.set_user(from.person);
    spec->set_gpus(from.perNode);
    auto &environment = *spec->mutable_environment();
    for (const auto &[name, value] : environmentOn(from, node))
        environment[name] = value;
    for (std::size_t gpu = 0; gpu < m_fleet.options().gpus; ++gpu) {
        if (gpus >> gpu & 1)
            job.add_gpu_uuids(m_fleet.deviceId(node, gpu));
    }
    job.set_state(stateOf(from, at));
    job.set_submitted_ns(wall(from.submitted));
    job.set_boot_id(bootId(node));
    job.set_log_bytes(logBytes(from, at));
    if (job.state() == v1::QUEUED)
        return job;
    job.set_started_ns(wall(from.start));
    job.set_pid(uint32_t(30000 + mix(from.work.seed) % 30000));
    const double last = std::min(at, from.end);
    double joules = 0, busy = 0;
    for (std::size_t gpu = 0; gpu < m_fleet.options().gpus; ++gpu) {
        if (!(gpus >> gpu & 1))
            continue;
        const auto taken = m_fleet.taken(node, gpu, from.start, last);
        joules += taken.joules;
        busy += taken.busySeconds;
    }
    if (gpus != 0) {
        job.set_gpu_seconds((last - from.start) * std::popcount(gpus));
        job.set_busy_gpu_seconds(busy);
        job.set_energy_joules(joules);
    }
    if (job.state() == v1::RUNNING)
        return job;
    job.set_ended_ns(wall(from.end));
    job.set_reason(from.reason);
    job.set_has_exit(from.outcome != JobOutcome::Cancelled);
    job.set_exit_code(from.exitCode);
    if (from.outcome == JobOutcome::Cancelled)
        job.set_signal(15);
    job.set_peak_memory_bytes(uint64_t(9e9 + 4e9 * unit(from.work.seed)) * std::popcount(gpus));
    return job;
}

std::vector<SimJob> SimHost::recent(std::size_t node)
{
    auto jobs = m_fleet.jobsOf(node, m_clock.second(), recentSeconds);
    std::erase_if(jobs,
        [&](const SimJob &job) { return m_nodes[node].forgotten.count(idOn(job, node)) > 0; });
    return jobs;
}

std::optional<SimJob> SimHost::find(std::size_t node, const std::string &id)
{
    for (auto &job : recent(node)) {
        if (idOn(job, node) == id)
            return std::move(job);
    }
    return std::nullopt;
}

std::vector<v1::Job> SimHost::jobs(std::size_t node)
{
    const std::lock_guard lock(m_mutex);
    std::vector<v1::Job> jobs;
    for (const auto &job : recent(node))
        jobs.push_back(describe(job, node));
    return jobs;
}

std::optional<v1::Job> SimHost::job(std::size_t node, const std::string &id)
{
    const std::lock_guard lock(m_mutex);
    const auto found = find(node, id);
    return found ? std::optional(describe(*found, node)) : std::nullopt;
}

SimHost::Submitted SimHost::submit(std::size_t node, const v1::JobSpec &spec)
{
    const std::lock_guard lock(m_mutex);
    Submitted result;
    if (spec.client_id().empty()) {
        result.refusal = "The job has no id.";
        return result;
    }
    if (const auto known = find(node, spec.client_id())) {
        result.job = describe(*known, node);
        result.existed = true;
        return result;
    }
    SimJob job;
    Rng rng(mixed({m_fleet.options().seed, node, uint64_t(m_clock.second() * 1e6)}));
    job.work = makeWorkload(WorkKind::Finetune, rng);
    job.id = spec.client_id();
    job.name = spec.name();
    const auto user = spec.environment().find("USER");
    job.person = user == spec.environment().end() ? consolePerson(m_fleet.options()) : user->second;
    job.command.assign(spec.argv().begin(), spec.argv().end());
    job.perNode = spec.gpus();
    job.wantedNode = long(node);
    for (const auto &uuid : spec.gpu_uuids()) {
        std::size_t gpu = 0;
        while (gpu < m_fleet.options().gpus && m_fleet.deviceId(node, gpu) != uuid)
            ++gpu;
        if (gpu == m_fleet.options().gpus)
            result.refusal = "There is no GPU " + uuid + " on this node.";
        else
            job.wantedGpus |= 1u << gpu;
    }
    if (job.wantedGpus != 0)
        job.perNode = unsigned(std::popcount(job.wantedGpus));
    if (job.perNode > m_fleet.options().gpus)
        result.refusal = "This node has " + std::to_string(m_fleet.options().gpus) + " GPUs, not "
            + std::to_string(job.perNode) + '.';
    if (!result.refusal.empty())
        return result;
    const double limit = spec.time_limit_seconds();
    job.end = limit > 0 ? std::min(limit, submittedSeconds) : submittedSeconds;
    result.job = describe(m_fleet.submit(std::move(job), m_clock.second()), node);
    return result;
}

void SimHost::cancel(std::size_t node, const std::string &id)
{
    const std::lock_guard lock(m_mutex);
    if (const auto job = find(node, id))
        m_fleet.cancel(node, job->id, m_clock.second(), "Cancelled from a console.");
}

bool SimHost::forget(std::size_t node, const std::string &id)
{
    const std::lock_guard lock(m_mutex);
    const auto job = find(node, id);
    if (!job)
        return true;
    if (job->phase(m_fleet.toCourse(m_clock.second())) != JobPhase::Ended)
        return false;
    collectChanges(node);
    m_nodes[node].forgotten.insert(id);
    m_nodes[node].changed.push_back(id);
    return true;
}

void SimHost::collectChanges(std::size_t node)
{
    auto &known = m_nodes[node];
    const auto &all = m_fleet.jobChanges(node, m_clock.second());
    for (; known.seen < all.size(); ++known.seen)
        known.changed.push_back(idOn(m_fleet.job(node, all[known.seen]), node));
}

std::size_t SimHost::changesUntilNow(std::size_t node)
{
    const std::lock_guard lock(m_mutex);
    collectChanges(node);
    return m_nodes[node].changed.size();
}

std::vector<SimHost::JobChange> SimHost::changes(std::size_t node, std::size_t &position)
{
    const std::lock_guard lock(m_mutex);
    collectChanges(node);
    std::vector<JobChange> changes;
    const auto &known = m_nodes[node];
    for (; position < known.changed.size(); ++position) {
        const auto &id = known.changed[position];
        const auto job = find(node, id);
        if (job)
            changes.push_back({id, describe(*job, node)});
        else if (known.forgotten.count(id) > 0)
            changes.push_back({id, std::nullopt});
    }
    return changes;
}

std::optional<SimHost::LogPart> SimHost::log(
    std::size_t node, const std::string &id, uint64_t offset, std::size_t limit)
{
    const std::lock_guard lock(m_mutex);
    const auto job = find(node, id);
    if (!job)
        return std::nullopt;
    const double at = m_fleet.toCourse(m_clock.second());
    LogPart part{logText(*job, offset, limit, at), false};
    part.ended
        = job->phase(at) == JobPhase::Ended && offset + part.data.size() >= logBytes(*job, at);
    return part;
}

/// Hundredths of a second since the node's boot.
uint64_t SimHost::ticksOf(std::size_t node, int64_t wallNs) const
{
    return uint64_t(std::max<int64_t>(1, boottimeNs(node, wallNs) / 10'000'000));
}

void SimHost::processes(std::size_t node, std::size_t limit, v1::ProcessesReply &reply)
{
    const std::lock_guard lock(m_mutex);
    const double second = m_clock.second(), at = m_fleet.toCourse(second);
    reply.set_wall_ns(m_clock.wallNs(second));
    for (const auto &job : m_fleet.jobsOf(node, second, 0)) {
        const auto gpus = gpusOn(job, node);
        if (job.phase(at) != JobPhase::Running)
            continue;
        const auto first = describe(job, node);
        auto *account = reply.add_accounts();
        account->set_job(first.id());
        account->set_gpu_seconds(first.gpu_seconds());
        account->set_busy_gpu_seconds(first.busy_gpu_seconds());
        account->set_energy_joules(first.energy_joules());
        account->set_since_ns(first.started_ns());
        account->set_last_ns(reply.wall_ns());
        auto *launcher = reply.add_processes();
        launcher->set_parent(1);
        launcher->set_pid(first.pid());
        launcher->set_user(job.person);
        launcher->set_command("torchrun --nproc-per-node=" + std::to_string(std::popcount(gpus)));
        launcher->set_memory_bytes(310'000'000);
        launcher->set_job(first.id());
        launcher->set_state("S");
        launcher->set_started_ns(first.started_ns());
        launcher->set_start_ticks(ticksOf(node, first.started_ns()));
        for (std::size_t gpu = 0, rank = 0; gpu < m_fleet.options().gpus; ++gpu) {
            if (!(gpus >> gpu & 1))
                continue;
            const auto state = m_fleet.deviceState(node, gpu, second);
            auto *process = reply.add_processes();
            process->set_parent(first.pid());
            process->set_pid(first.pid() + 1 + uint32_t(rank++));
            process->set_user(job.person);
            std::string command = "python3";
            for (std::size_t i = 1; i < job.command.size(); ++i)
                command += ' ' + job.command[i];
            process->set_command(command);
            process->set_cpu_ratio(0.4 + 4.2 * state.busy);
            process->set_memory_bytes(uint64_t(6e9 + 60e9 * job.work.memoryFill(at - job.start)));
            process->set_job(first.id());
            process->set_state("R");
            process->set_started_ns(first.started_ns());
            process->set_start_ticks(ticksOf(node, first.started_ns()));
            auto *use = process->add_gpus();
            use->set_device(m_fleet.deviceId(node, gpu));
            use->set_memory_bytes(uint64_t(state.memoryUsedBytes));
            use->set_memory_known(true);
            use->set_busy_ratio(state.busy);
        }
    }
    auto &all = *reply.mutable_processes();
    std::sort(all.begin(), all.end(),
        [](const auto &a, const auto &b) { return a.cpu_ratio() > b.cpu_ratio(); });
    // Those that use a GPU are told of in any case, so there is nothing to leave out but these.
    static constexpr const char *system[] = {"/sbin/init", "sshd: /usr/sbin/sshd -D",
        "nvidia-persistenced", "pilothouse-agent serve", "systemd-journald"};
    uint32_t pid = 1;
    for (const char *command : system) {
        if (std::size_t(all.size()) >= limit)
            break;
        auto *process = reply.add_processes();
        process->set_pid(pid);
        process->set_user("root");
        process->set_command(command);
        process->set_memory_bytes(12'000'000);
        process->set_state("S");
        process->set_started_ns(m_clock.wallNs(second) - boottimeNs(node, m_clock.wallNs(second)));
        process->set_start_ticks(1);
        pid += 413;
    }
}

} // namespace pilothouse::sim
