// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/health/finding.h"
#include "core/types/node.h"

#include <QList>
#include <QString>

#include <vector>

namespace pilothouse {

/// What a GPU is doing, or what is wrong with it. Shown as shape and colour together.
enum class FleetState { Idle, Busy, Watch, Bad, Stale, Unknown };
QString fleetStateName(FleetState state); ///< "idle", "busy" ...; StateRole and the filter language
QString fleetStateWord(FleetState state); ///< the same, translated

/// "GPU 3" of a node's device, "GPU 3 · 1g.10gb" of a MIG partition; `all`: the node's devices.
QString gpuLabel(const Device &device, const QList<Device> &all);
/// The same without "GPU", for legends.
QString gpuNumber(const Device &device, const QList<Device> &all);

/// One GPU as last heard of. NaN and empty mean unknown; times are Unix ms, 0 = never.
struct FleetGpu {
    QString target, uuid; ///< together its identity
    QString node, group, cluster, model;
    int index = 0;
    QString part; ///< of a MIG partition: "1g.10gb"; empty = a whole GPU
    bool divided = false; ///< into partitions; both have no utilisation then
    double util = unknown; ///< 0..1
    double memoryUsed = unknown, memoryTotal = unknown; ///< bytes
    double power = unknown, powerLimit = unknown; ///< watts
    double temperature = unknown; ///< degrees Celsius
    qint64 sampledAt = 0;
    qint64 idleSince = 0; ///< since when util was under idleRatio without a break; 0 = it is not
    QString trouble; ///< why it was not sampled when its node was asked, its raw sentence
    QString job, jobName, person; ///< who has it; of others' work there is no job of ours
    bool mine = false; ///< the person is you
    bool simulated = false;
    FleetState state = FleetState::Unknown; ///< by judged()
    QString verdict; ///< one phrase why it is in that state

    static constexpr double unknown = __builtin_nan("");
    QString key() const { return target + QLatin1Char('/') + uuid; }
    QString label() const; ///< "GPU 3", "GPU 3 · 1g.10gb"
    bool isWhole() const { return part.isEmpty(); }
    bool reserved() const { return !job.isEmpty() || !person.isEmpty(); }
};

constexpr double idleRatio = 0.05; ///< below this a GPU counts as idle
constexpr qint64 staleAfterMs = 3000; ///< three periods
constexpr qint64 reservedIdleMs = 10 * 60'000; ///< reserved and idle for so long is told
constexpr double watchCelsius = 85; ///< data-centre GPUs slow down from about 87 on

/// With state and verdict, as they follow from the rest at `now`. `linked`: its node is connected.
FleetGpu judged(FleetGpu gpu, qint64 now, bool linked);
/// The same with what the rules found on it, the worst first. `heard`: its node is connected. Of a
/// GPU that is lost what it did before is not shown as if it still did.
FleetGpu withFindings(FleetGpu gpu, const QList<HealthFinding> &findings, bool heard);

/// The figures above the fleet, of whole GPUs: partitions do not count twice.
struct FleetFigures {
    int total = 0, busy = 0, known = 0; ///< known: idle or busy, watch included
    struct Free {
        QString model;
        int count = 0;
        int largestOnOneNode = 0; ///< the largest request that fits on one node
    };
    QList<Free> free; ///< most first
    double power = 0, powerLimit = 0; ///< watts, of those that say
    int reservedIdle = 0, reservedIdlePeople = 0;
    qint64 reservedIdleLongest = 0; ///< ms
    int bad = 0, watch = 0, stale = 0;
};

/// Free is: idle, not reserved, nothing wrong.
FleetFigures figuresOf(const std::vector<FleetGpu> &gpus, qint64 now);

/// "H100" of "NVIDIA H100 80GB HBM3": the word a person calls the model by.
QString shortModel(const QString &name);

enum class FleetGrouping { Group, Cluster, Node, Job, Person };
QString groupOf(const FleetGpu &gpu, FleetGrouping grouping); ///< empty = without one

enum class FleetMetric { Util, Memory, Power, Temperature };
/// 0..1 on the metric's ramp, NaN = unknown. Temperature runs from 30 to 90 degrees.
double shareOf(const FleetGpu &gpu, FleetMetric metric);
/// "97 %", "71 of 80 GiB", "640 of 700 W", "61 °C"
QString valueOf(const FleetGpu &gpu, FleetMetric metric);

/// One line about a GPU for tool tips and screen readers: "a1-n02 GPU 3: busy, 97 %, ...".
QString fleetSentence(const FleetGpu &gpu);

} // namespace pilothouse
