// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/coldlist.h"
#include "core/telemetry/lane.h"

#include <QHash>

#include <array>
#include <map>
#include <mutex>
#include <shared_mutex>

namespace pilothouse {

/// Hot rows of one target, and what is on disk of it; lives as long as the store.
struct StoredTarget {
    StoredTarget(QString name, ReadGate &gate, const IsCounter &isCounter)
        : name(std::move(name))
        , fine(gate, 0, isCounter)
        , cold(gate)
        , gate(gate)
        , isCounter(isCounter)
    {
    }
    /// The store's thread makes a lane for each length of coarse rows; readers find the first few.
    Lane &coarse(int seconds);
    template <typename Each> void eachLane(Each each)
    {
        each(fine);
        for (auto &one : coarseLanes)
            if (auto *lane = one.load())
                each(*lane);
    }

    const QString name;
    Lane fine;
    std::array<std::atomic<Lane *>, 4> coarseLanes{};
    std::vector<std::unique_ptr<Lane>> owned;
    ColdList cold;
    std::atomic<qint64> newest{0};
    ReadGate &gate;
    const IsCounter isCounter;
};

/// The newest value of a series, by time. Several boxes in turn: a reader whose box was
/// written meanwhile reads again.
class LatestBox {
public:
    void set(qint64 time, double value);
    std::optional<LatestValue> value() const;

private:
    struct Box {
        std::atomic<qint64> time{0};
        std::atomic<double> value{0};
    };
    std::atomic<quint32> m_sequence{0}; // 0 = none yet
    std::array<Box, 4> m_boxes;
};

struct StoredSeries {
    SeriesDescription description;
    StoredTarget *target = nullptr;
    LatestBox latest;
};

/// A label as it is stored: control characters become U+FFFD, and what is longer than 1,024
/// characters is cut and ends with a hash of the whole, so that it stays itself.
QString cleanLabel(const QString &label);

/// All series by number; numbers start at 1 and are never reused. slot() is wait-free, the others
/// take a lock (they are not for the frame).
class Registry {
public:
    explicit Registry(ReadGate &gate)
        : m_gate(gate)
    {
    }
    ~Registry();
    /// 0: the target has its `mostPerTarget` series. Texts are cleaned (cleanLabel).
    SeriesId add(const SeriesDescription &description, bool *isNew = nullptr);
    static constexpr std::size_t mostPerTarget = 65536;
    std::vector<SeriesId> ofTarget(const QString &target) const;
    StoredTarget *target(const QString &name) const; ///< null: unknown
    std::vector<StoredTarget *> targets() const;
    std::size_t seriesCount() const { return m_count.load(); }

    StoredSeries *slot(SeriesId id) const;
    bool isCounter(SeriesId id) const;

private:
    static constexpr std::size_t chunkSize = 256, chunkCount = 4096;
    using Chunk = std::array<std::atomic<StoredSeries *>, chunkSize>;

    ReadGate &m_gate;
    mutable std::shared_mutex m_mutex;
    QHash<QString, SeriesId> m_ids;
    std::map<QString, std::unique_ptr<StoredTarget>> m_targets;
    QHash<QString, std::vector<SeriesId>> m_ofTarget;
    std::atomic<std::size_t> m_count{0};
    std::array<std::atomic<Chunk *>, chunkCount> m_chunks{};
};

} // namespace pilothouse
