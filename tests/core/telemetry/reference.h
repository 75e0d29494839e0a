// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/storeoptions.h"

#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <random>

namespace pilothouse {

constexpr double absent = std::numeric_limits<double>::quiet_NaN();
constexpr qint64 start = 1'700'000'000'000;

/// Everything that was ever appended to one series, folded the slow and plain way.
struct Reference {
    StoredKind kind = StoredKind::Gauge;
    std::map<qint64, double> points;

    void add(qint64 time, double value)
    {
        if (std::isfinite(value))
            points.emplace(time, value);
    }
    std::vector<Column> columns(qint64 from, qint64 to, int count) const
    {
        std::vector<Column> columns{std::size_t(count)};
        qint64 beforeTime = 0;
        double before = 0;
        for (const auto &[time, raw] : points) {
            double value = raw;
            if (kind == StoredKind::Counter) {
                const bool usable
                    = beforeTime != 0 && time - beforeTime <= 300'000 && raw >= before;
                value = usable ? (raw - before) * 1000 / double(time - beforeTime) : absent;
                beforeTime = time;
                before = raw;
            }
            if (std::isnan(value) || time < from || time >= to)
                continue;
            auto &column = columns[std::size_t((__int128(time - from) * count) / (to - from))];
            column.min = column.count == 0 ? value : std::min(column.min, value);
            column.max = column.count == 0 ? value : std::max(column.max, value);
            column.first = column.count == 0 ? value : column.first;
            column.last = value;
            ++column.count;
            column.sum += value;
        }
        return columns;
    }
};

inline bool same(const Curve &curve, const std::vector<Column> &expected, QString *why)
{
    if (curve.columns.size() != expected.size()) {
        *why = QStringLiteral("%1 columns").arg(curve.columns.size());
        return false;
    }
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto &a = curve.columns[i], &b = expected[i];
        if (a.count == b.count
            && (a.count == 0
                || (a.min == b.min && a.max == b.max && a.first == b.first && a.last == b.last
                    && std::abs(a.sum - b.sum) <= 1e-9 * (1 + std::abs(b.sum)))))
            continue;
        *why = QStringLiteral("column %1: got %2 %3 %4 %5 x%6, expected %7 %8 %9 %10 x%11")
                   .arg(i)
                   .arg(a.min)
                   .arg(a.max)
                   .arg(a.first)
                   .arg(a.last)
                   .arg(a.count)
                   .arg(b.min)
                   .arg(b.max)
                   .arg(b.first)
                   .arg(b.last)
                   .arg(b.count);
        return false;
    }
    return true;
}

inline SeriesDescription gauge(
    const QString &target, const QString &metric, StoredKind kind = StoredKind::Gauge)
{
    return {{target, QStringLiteral("GPU-1"), metric}, QStringLiteral("watts"), kind};
}

/// Options whose clock stands a day after `start`.
inline StoreOptions fixedClock()
{
    StoreOptions options;
    options.now = [] { return start + 86'400'000; };
    return options;
}

/// Null when it cannot be opened.
inline std::unique_ptr<TelemetryStore> openedStore(const QString &folder, StoreOptions options)
{
    auto store = openStore(folder, std::move(options));
    return store ? std::move(*store) : nullptr;
}

inline bool flushed(TelemetryStore &store)
{
    return QCoro::waitFor(store.flush()).has_value();
}

inline Curve ask(TelemetryStore &store, SeriesId id, qint64 from, qint64 to, int columns)
{
    auto answer = QCoro::waitFor(store.query({}, {id}, from, to, columns));
    return answer && answer->size() == 1 ? answer->front() : Curve{};
}

} // namespace pilothouse
