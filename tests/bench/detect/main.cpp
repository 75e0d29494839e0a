// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// pilothouse_detectbench NODES HOURS SEED: what the health monitor says of a simulated fleet,
// second by second, and what was planted, as one JSON object. Nothing is stored or sent: it is the
// rules that are looked at here.
#include "agents/sim/model/fleet.h"
#include "agents/sim/model/scenario.h"
#include "core/health/rules.h"
#include "core/jobs/rankwatch.h"
#include "core/session/healthmonitor.h"
#include "core/session/silencewatch.h"
#include "tests/bench/detect/newestonly.h"

#include <QCoreApplication>

#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <map>

using namespace pilothouse;

namespace {

/// Begin and end of each finding. Seconds of the simulation; < 0 = not over.
struct Episode {
    QString target, device, rule;
    double start = 0, end = -1;
};

class Protocol {
public:
    explicit Protocol(HealthMonitor &monitor)
        : m_monitor(monitor)
    {
        QObject::connect(
            &monitor, &HealthMonitor::raised, &monitor, [this](const HealthAlert &alert) {
                m_open[alert.target].push_back(m_all.size());
                m_all.push_back({alert.target, alert.device, alert.finding.rule, m_second});
            });
        QObject::connect(&monitor, &HealthMonitor::changed, &monitor,
            [this](const QString &target) { close(target); });
    }
    void setSecond(double second) { m_second = second; }
    const std::vector<Episode> &all() const { return m_all; }

private:
    void close(const QString &target)
    {
        std::erase_if(m_open[target], [&](std::size_t index) {
            Episode &one = m_all[index];
            const auto held = m_monitor.findings(target, one.device);
            const bool over = std::none_of(held.begin(), held.end(),
                [&](const HealthFinding &finding) { return finding.rule == one.rule; });
            if (over)
                one.end = m_second;
            return over;
        });
    }

    HealthMonitor &m_monitor;
    std::vector<Episode> m_all;
    std::map<QString, std::vector<std::size_t>> m_open;
    double m_second = 0;
};

StoredKind storedKind(sim::SimKind kind)
{
    switch (kind) {
    case sim::SimKind::Counter:
        return StoredKind::Counter;
    case sim::SimKind::State:
        return StoredKind::State;
    case sim::SimKind::Gauge:
        break;
    }
    return StoredKind::Gauge;
}

struct Node {
    QString name;
    std::vector<SeriesId> ids;
    std::vector<double> steps;
    qint64 heard = 0; ///< its newest sample, Unix ms
    std::size_t jobChanges = 0; ///< of which `jobs` know
    QList<Job> jobs; ///< that run on it, as its agent tells them
};

/// What an agent says of its jobs, as agents/sim/host does. True when it is another than before.
bool followJobs(sim::SimFleet &fleet, std::size_t index, double second, Node &node)
{
    const std::size_t changes = fleet.jobChanges(index, second).size();
    if (changes == node.jobChanges)
        return false;
    const auto state = fleet.nodeState(index, second);
    if (!state.linkUp || !state.agentRuns)
        return false; // heard when it comes back
    node.jobChanges = changes;
    node.jobs.clear();
    for (const auto &from : fleet.jobsOf(index, second, 0)) {
        if (from.phase(fleet.toCourse(second)) != sim::JobPhase::Running)
            continue;
        Job job;
        job.target = node.name;
        job.id = QString::fromStdString(sim::idOn(from, index));
        job.state = JobState::Running;
        for (const auto &[name, value] : sim::environmentOn(from, index))
            job.spec.environment.insert(
                QString::fromStdString(name), QString::fromStdString(value));
        for (std::size_t gpu = 0; gpu < fleet.options().gpus; ++gpu) {
            if (sim::gpusOn(from, index) >> gpu & 1)
                job.gpuUuids << QString::fromStdString(fleet.deviceId(index, gpu));
        }
        node.jobs << job;
    }
    return true;
}

/// What SilenceWatch does every five seconds, on the simulation's clock. Nobody disconnected it.
void lookForSilence(HealthMonitor &monitor, const Node &node, qint64 now)
{
    SilenceWatch::Heard heard;
    heard.state = TargetState::Connected;
    heard.lastSample = node.heard;
    if (const auto finding = SilenceWatch::judge(heard, now))
        monitor.report(node.name, *finding);
    else
        monitor.withdraw(node.name, QLatin1String(silentRule));
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    if (argc != 4) {
        std::fprintf(stderr, "usage: pilothouse_detectbench NODES HOURS SEED\n");
        return 2;
    }
    sim::SimOptions options;
    options.nodes = std::size_t(std::atoi(argv[1]));
    options.seed = std::strtoull(argv[3], nullptr, 10);
    const int seconds = int(std::atof(argv[2]) * 3600);

    sim::SimFleet fleet(options);
    NewestOnly store;
    HealthMonitor monitor(&store);
    Protocol protocol(monitor);
    std::vector<Node> nodes(fleet.nodes());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        nodes[i].name = QString::fromStdString(sim::nodeName(i));
        for (const auto &series : fleet.catalogue(i)) {
            nodes[i].ids.push_back(
                store.series({{nodes[i].name, QString::fromStdString(series.device),
                                  QString::fromStdString(series.metric)},
                    QString::fromStdString(series.unit), storedKind(series.kind)}));
            nodes[i].steps.push_back(series.step);
        }
    }
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        for (std::size_t gpu = 0; gpu < fleet.options().gpus; ++gpu)
            monitor.setModel(nodes[i].name, QString::fromStdString(fleet.deviceId(i, gpu)),
                QString::fromUtf8(fleet.gpuType(i).name));
    }
    constexpr qint64 epoch = 1'790'000'000'000;
    for (int second = 0; second < seconds; ++second) {
        protocol.setSecond(second);
        bool otherJobs = false;
        for (std::size_t i = 0; i < nodes.size(); ++i)
            otherJobs = followJobs(fleet, i, second, nodes[i]) || otherJobs;
        if (otherJobs) {
            QList<Job> jobs;
            for (const Node &node : nodes)
                jobs << node.jobs;
            monitor.setRanks(jobRanks(jobs));
        }
        fleet.tick(second, [&](std::size_t index, const std::vector<int64_t> &values) {
            if (!fleet.nodeState(index, second).linkUp)
                return;
            Node &node = nodes[index];
            node.heard = epoch + second * qint64(1000);
            store.tick(node.name, node.ids, node.steps, values, node.heard);
            monitor.examine(node.name);
        });
        for (const Node &node : nodes) {
            if (second % 5 == 0)
                lookForSilence(monitor, node, epoch + second * qint64(1000));
        }
    }
    auto found = nlohmann::json::array();
    for (const Episode &one : protocol.all())
        found.push_back({{"node", one.target.toStdString()}, {"device", one.device.toStdString()},
            {"rule", one.rule.toStdString()}, {"start", one.start}, {"end", one.end}});
    const auto truth = nlohmann::json::parse(sim::truthJson(options, seconds, 0));
    std::puts(
        nlohmann::json({{"seconds", seconds}, {"found", found}, {"truth", truth}}).dump().c_str());
    return 0;
}
