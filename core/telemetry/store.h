// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"

#include <QObject>
#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace pilothouse {

using SeriesId = quint32;
enum class StoredKind { Gauge, Counter, State };

/// Identity of a series: target id, device UUID (or "cpu3", "eth0", empty = the node), metric.
struct SeriesKey {
    QString target, device, metric;

    bool operator==(const SeriesKey &) const = default;
};

struct SeriesDescription {
    SeriesKey key;
    QString unit;
    StoredKind kind = StoredKind::Gauge;
};

/// One moment of one target. `values` pairs with `ids`; NaN = absent. Time is the console's own
/// (agent time corrected by the estimated offset), Unix milliseconds.
struct StoreTick {
    qint64 time = 0;
    std::vector<double> values;
};

/// One pixel column. A gap has count 0.
struct Column {
    double min = 0, max = 0, first = 0, last = 0;
    quint32 count = 0;
    double sum = 0; ///< of all samples; a coarse row counts as one sample, its last
};

/// `columns` equal slices of [from, to), Unix ms. Counters come as rate per second.
struct Curve {
    SeriesId series = 0;
    qint64 from = 0, to = 0;
    std::vector<Column> columns;
};

/// Takes one curve after the other, each while it is in the cache. It may move it out; else the
/// next one has its memory.
using OnCurve = std::function<void(std::size_t index, Curve &curve)>;

struct LatestValue {
    qint64 time = 0;
    double value = 0;
};

/// Time series of all targets behind design decision 7. One process writes (flock), others read.
/// Appends and registration on the main thread are cheap: they post to the writer thread.
class TelemetryStore : public QObject {
    Q_OBJECT

public:
    /// Opens or makes `folder`. Damaged segments are reported by damage(), the rest is readable.
    static Result<std::unique_ptr<TelemetryStore>> openFolder(const QString &folder);

    /// Idempotent; the same key gives the same id within a process. 0 once a target has 65,536
    /// series (damage() says so); appends for 0 are left out. Control characters in labels become
    /// U+FFFD, labels beyond 1,024 characters are cut.
    virtual SeriesId series(const SeriesDescription &description) = 0;
    virtual std::optional<SeriesDescription> describe(SeriesId id) const = 0;
    virtual std::vector<SeriesId> seriesOf(const QString &target) const = 0;

    /// Ticks older than what is stored are merged in (back-fill), duplicates by time are dropped.
    virtual void append(const std::vector<SeriesId> &ids, std::vector<StoreTick> ticks) = 0;
    /// 30 s rows from an agent's older ring: min, max and last for each id.
    virtual void appendRollup(const std::vector<SeriesId> &ids, qint64 start, int seconds,
        std::vector<double> min, std::vector<double> max, std::vector<double> last)
        = 0;

    /// Memory only, wait-free, for the frame: what is hot of [from, to); the rest are gaps.
    Curve hot(SeriesId id, qint64 from, qint64 to, int columns) const
    {
        Curve one;
        hot({id}, from, to, columns, [&one](std::size_t, Curve &curve) { one = std::move(curve); });
        return one;
    }
    /// The same for several series, which is much cheaper.
    virtual void hot(const std::vector<SeriesId> &ids, qint64 from, qint64 to, int columns,
        const OnCurve &onCurve) const = 0;
    virtual std::optional<LatestValue> latest(SeriesId id) const = 0;
    /// What query() answers, when that takes no waiting: all of it is in memory, was read lately,
    /// or is at hand in the kernel's memory, and it is little. Else nothing: query() then.
    virtual std::optional<std::vector<Curve>> atOnce(
        const std::vector<SeriesId> &, qint64 /*from*/, qint64 /*to*/, int /*columns*/) const
    {
        return {};
    }
    /// With what is on disk, from a work thread; at once when atOnce() has it.
    virtual Task<Result<std::vector<Curve>>> query(
        Context context, std::vector<SeriesId> ids, qint64 from, qint64 to, int columns)
        = 0;

    virtual bool writable() const = 0; ///< false: another process holds the writer's lock
    virtual QStringList damage() const = 0;
    /// Everything appended so far is on disk (tests, exit).
    virtual Task<Result<>> flush() = 0;
    virtual qint64 newestTime(const QString &target) const = 0;

Q_SIGNALS:
    void appended(); ///< coalesced: at most once per event-loop turn
    void damageChanged(); ///< damage() says more; coalesced in the same way

protected:
    using QObject::QObject;
};

} // namespace pilothouse
