// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/telemetry/storeoptions.h"
#include "core/telemetry/storethread.h"

#include <QCoreApplication>

namespace pilothouse {

namespace {

class SegmentStore final : public TelemetryStore {
public:
    SegmentStore(const QString &folder, StoreOptions options)
        : m_thread(folder, std::move(options),
            [this] { announce(m_announced, &TelemetryStore::appended); })
    {
        m_thread.damage()->watch(
            [this] { announce(m_damageAnnounced, &TelemetryStore::damageChanged); });
    }
    ~SegmentStore() override { m_thread.damage()->watch({}); } // a reader may outlive this
    Result<> open() { return m_thread.open(); }

    SeriesId series(const SeriesDescription &description) override
    {
        const auto id = m_thread.registry().add(description);
        if (id == 0)
            m_thread.damage()->add(QCoreApplication::translate(
                "store", "%1 names more than %2 series: the others are not stored.")
                                       .arg(cleanLabel(description.key.target))
                                       .arg(Registry::mostPerTarget));
        return id;
    }
    std::optional<SeriesDescription> describe(SeriesId id) const override
    {
        const auto *series = m_thread.registry().slot(id);
        return series ? std::optional(series->description) : std::nullopt;
    }
    std::vector<SeriesId> seriesOf(const QString &target) const override
    {
        return m_thread.registry().ofTarget(cleanLabel(target));
    }
    void append(const std::vector<SeriesId> &ids, std::vector<StoreTick> ticks) override
    {
        if (!ids.empty() && !ticks.empty())
            m_thread.post(StoreThread::Append{ids, std::move(ticks)});
    }
    void appendRollup(const std::vector<SeriesId> &ids, qint64 start, int seconds,
        std::vector<double> min, std::vector<double> max, std::vector<double> last) override
    {
        const auto count = ids.size();
        if (count == 0 || seconds <= 0 || seconds > 86400 || min.size() != count
            || max.size() != count || last.size() != count)
            return;
        RowBatch batch;
        batch.ids = ids;
        batch.seconds = seconds;
        batch.times = {start};
        for (std::size_t i = 0; i < count; ++i)
            batch.values.insert(batch.values.end(), {min[i], max[i], last[i]});
        m_thread.post(std::move(batch));
    }
    void hot(const std::vector<SeriesId> &ids, qint64 from, qint64 to, int columns,
        const OnCurve &onCurve) const override
    {
        hotCurves(m_thread.registry(), ids, {from, to, columns}, m_thread.gate(), onCurve);
    }
    std::optional<LatestValue> latest(SeriesId id) const override
    {
        const auto *series = m_thread.registry().slot(id);
        return series ? series->latest.value() : std::nullopt;
    }
    std::optional<std::vector<Curve>> atOnce(
        const std::vector<SeriesId> &ids, qint64 from, qint64 to, int columns) const override
    {
        return m_thread.answerAtOnce(ids, {from, to, columns});
    }
    Task<Result<std::vector<Curve>>> query(
        Context context, std::vector<SeriesId> ids, qint64 from, qint64 to, int columns) override
    {
        if (!context.stopped() && !context.expired())
            if (auto curves = atOnce(ids, from, to, columns))
                return finished(std::move(*curves));
        const ColumnGrid grid(from, to, columns);
        Reply<std::vector<Curve>> reply;
        m_thread.post(StoreThread::Query{std::move(context), std::move(ids), grid, reply});
        return answerOf(std::move(reply));
    }
    bool writable() const override { return m_thread.writable(); }
    QStringList damage() const override { return m_thread.damage()->all(); }
    Task<Result<>> flush() override
    {
        Reply<> reply;
        m_thread.post(StoreThread::Flush{reply});
        return answerOf(std::move(reply));
    }
    qint64 newestTime(const QString &target) const override
    {
        const auto *stored = m_thread.registry().target(cleanLabel(target));
        return stored ? stored->newest.load() : 0;
    }

private:
    // Holds only the future: the last copy of a reply that dies in the queue answers Cancelled.
    template <typename T> static Task<Result<T>> answerOf(Reply<T> reply)
    {
        return awaited(reply.future());
    }
    static Task<Result<std::vector<Curve>>> finished(std::vector<Curve> curves)
    {
        co_return std::move(curves);
    }
    template <typename T> static Task<Result<T>> awaited(QFuture<Result<T>> future)
    {
        co_return co_await std::move(future);
    }
    void announce(std::atomic<bool> &announced, void (TelemetryStore::*signal)())
    {
        if (!announced.exchange(true))
            QMetaObject::invokeMethod(
                this,
                [this, &announced, signal] {
                    announced = false;
                    Q_EMIT(this->*signal)();
                },
                Qt::QueuedConnection);
    }

    std::atomic<bool> m_announced{false}, m_damageAnnounced{false};
    StoreThread m_thread; // last: it ends first
};

} // namespace

Result<std::unique_ptr<TelemetryStore>> openStore(const QString &folder, StoreOptions options)
{
    auto store = std::make_unique<SegmentStore>(folder, std::move(options));
    if (const auto opened = store->open(); !opened)
        return fail(opened.error());
    return store;
}

Result<std::unique_ptr<TelemetryStore>> TelemetryStore::openFolder(const QString &folder)
{
    return openStore(folder, {});
}

} // namespace pilothouse
