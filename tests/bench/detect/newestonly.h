// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agents/wire/tickcodec.h"
#include "core/base/task.h"
#include "core/telemetry/store.h"

#include <QHash>

namespace pilothouse {

/// A telemetry store that keeps the newest value of each series and nothing else.
class NewestOnly final : public TelemetryStore {
public:
    SeriesId series(const SeriesDescription &description) override
    {
        m_described.push_back(description);
        m_latest.push_back(std::nullopt);
        const auto id = SeriesId(m_described.size());
        m_targets[description.key.target].push_back(id);
        return id;
    }
    std::optional<SeriesDescription> describe(SeriesId id) const override
    {
        return m_described.at(id - 1);
    }
    std::vector<SeriesId> seriesOf(const QString &target) const override
    {
        return m_targets.value(target);
    }
    std::optional<LatestValue> latest(SeriesId id) const override { return m_latest.at(id - 1); }
    qint64 newestTime(const QString &target) const override { return m_newest.value(target); }

    /// A tick as it comes from a node: integers in steps, wire::absent where there is none.
    void tick(const QString &target, const std::vector<SeriesId> &ids,
        const std::vector<double> &steps, const std::vector<int64_t> &values, qint64 time)
    {
        for (std::size_t i = 0; i < ids.size(); ++i) {
            if (values[i] != wire::absent)
                m_latest[ids[i] - 1] = LatestValue{time, double(values[i]) * steps[i]};
        }
        m_newest[target] = time;
    }

    void append(const std::vector<SeriesId> &, std::vector<StoreTick>) override { }
    void appendRollup(const std::vector<SeriesId> &, qint64, int, std::vector<double>,
        std::vector<double>, std::vector<double>) override
    {
    }
    void hot(const std::vector<SeriesId> &ids, qint64 from, qint64 to, int,
        const OnCurve &onCurve) const override
    {
        for (std::size_t i = 0; i < ids.size(); ++i) {
            Curve empty{ids[i], from, to, {}};
            onCurve(i, empty);
        }
    }
    Task<Result<std::vector<Curve>>> query(
        Context, std::vector<SeriesId>, qint64, qint64, int) override
    {
        co_return std::vector<Curve>();
    }
    bool writable() const override { return false; }
    QStringList damage() const override { return {}; }
    Task<Result<>> flush() override { co_return Result<>(); }

private:
    std::vector<SeriesDescription> m_described;
    std::vector<std::optional<LatestValue>> m_latest;
    QHash<QString, std::vector<SeriesId>> m_targets;
    QHash<QString, qint64> m_newest;
};

} // namespace pilothouse
