// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/link.h"
#include "core/telemetry/store.h"

#include <QObject>
#include <QTimer>

#include <optional>
#include <set>

namespace pilothouse {

struct FeedState;

/// What plain commands tell of a host without an agent, under the names the agent uses. All are
/// gauges.
struct PlainSample {
    struct Value {
        QString metric, device, unit;
        double value;

        bool operator==(const Value &) const = default;
    };
    QList<Value> values;
    /// Since boot, all processors together; apart because a ratio needs two samples.
    struct Cpu {
        double busySeconds = 0, totalSeconds = 0;
    };
    std::optional<Cpu> cpu;
};

/// 0..1 of all processors between two samples; nullopt when it cannot be told.
std::optional<double> cpuBusyRatio(
    const std::optional<PlainSample::Cpu> &before, const std::optional<PlainSample::Cpu> &after);

/// Pure part: the output of plainScript(), /proc/stat, /proc/meminfo, /proc/loadavg and, where it
/// is there, nvidia-smi's CSV. Sections that are missing or damaged are left out, never 0.
PlainSample parsePlain(const QByteArray &text);
/// One /bin/sh script; prints the sections parsePlain() reads.
QByteArray plainScript();

/// Live basics at lower fidelity for a link without agent: one command every two seconds.
class PlainFeed : public QObject {
    Q_OBJECT

public:
    PlainFeed(std::shared_ptr<const Link> link, TelemetryStore *store,
        std::shared_ptr<FeedState> state, QObject *parent = nullptr);

Q_SIGNALS:
    void catalogueChanged(); ///< a sample brought metrics that none had before
    void sampleArrived();

private:
    void ask();
    void take(const Result<Output> &output);

    std::shared_ptr<const Link> m_link;
    TelemetryStore *m_store;
    std::shared_ptr<FeedState> m_state;
    std::optional<PlainSample::Cpu> m_cpu;
    std::set<SeriesId> m_known;
    QTimer m_timer;
    bool m_asking = false;
};

} // namespace pilothouse
