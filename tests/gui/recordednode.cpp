// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/recordednode.h"

#include "views/feed/knownfacts.h"

#include <QJsonArray>

#include <cmath>

namespace pilothouse {

static Job jobOf(const QJsonObject &row, qint64 now, const QStringList &devices)
{
    const auto text = [&](const char *key) { return row.value(QLatin1String(key)).toString(); };
    const auto number
        = [&](const char *key) { return qint64(row.value(QLatin1String(key)).toDouble()); };
    Job job;
    job.id = text("id");
    job.target = text("target");
    job.spec.name = text("name");
    const auto argv = row.value(QLatin1String("argv")).toArray();
    for (const auto &word : argv)
        job.spec.argv << word.toString();
    job.spec.gpus = int(number("gpus"));
    job.gpuUuids = devices.mid(0, job.spec.gpus);
    job.state = jobStateFromName(text("state")).value_or(JobState::Unknown);
    job.submittedAt = now - number("submitted_ago");
    job.startedAt = now - number("started_ago");
    if (jobEnded(job.state))
        job.endedAt = job.startedAt + number("duration");
    if (row.contains(QLatin1String("exit_code")))
        job.exitCode = int(number("exit_code"));
    if (row.contains(QLatin1String("signal")))
        job.signal = int(number("signal"));
    if (row.contains(QLatin1String("peak_memory_bytes")))
        job.peakMemoryBytes = quint64(number("peak_memory_bytes"));
    job.reason = text("reason");
    job.seenAt = now;
    return job;
}

RecordedAgent::RecordedAgent(const QJsonObject &recording, const QString &target, qint64 now)
{
    const auto known = recording.value(QLatin1String("nodes")).toObject().value(target).toObject();
    node()->facts = factsFromJson(known).node;
    QStringList devices;
    for (const auto &device : std::as_const(node()->facts.devices))
        devices << device.uuid;
    const auto jobs = recording.value(QLatin1String("jobs")).toArray();
    for (const auto &row : jobs) {
        const Job job = jobOf(row.toObject(), now, devices);
        if (job.target == target)
            node()->jobs.insert(job.id, job);
    }
    const auto logs = recording.value(QLatin1String("logs")).toObject();
    for (auto it = logs.begin(); it != logs.end(); ++it)
        node()->logs.insert(it.key(), it->toString().toUtf8());
    m_folder = known.value(QLatin1String("folder")).toString();
    const auto files = known.value(QLatin1String("files")).toArray();
    for (const auto &value : files) {
        const auto row = value.toArray(); // name, kind, bytes, age in seconds, link target
        FileInfo file;
        file.path = m_folder + u'/' + row.at(0).toString();
        file.kind = row.at(1).toString();
        file.size = quint64(row.at(2).toDouble());
        file.modifiedNs = (now - qint64(row.at(3).toDouble()) * 1000) * 1'000'000;
        file.mode = file.kind == QLatin1String("folder") ? 0755 : 0644;
        file.linkTarget = row.at(4).toString();
        m_files << file;
    }
}

Task<Result<QList<FileInfo>>> RecordedAgent::listFolder(Context, QString path)
{
    co_return path == m_folder ? m_files : QList<FileInfo>();
}

RecordedLinks::RecordedLinks(const QJsonObject &recording, qint64 now)
{
    const auto nodes = recording.value(QLatin1String("nodes")).toObject();
    for (auto it = nodes.begin(); it != nodes.end(); ++it) {
        if (!it->toObject().contains(QLatin1String("files")))
            continue;
        auto link = std::make_shared<Link>();
        auto agent = std::make_shared<RecordedAgent>(recording, it.key(), now);
        link->targetId = it.key();
        link->facts = agent->node()->facts;
        link->agent = agent;
        m_links.insert(it.key(), link);
    }
}

void fillStore(TelemetryStore *store, const QJsonObject &telemetry, qint64 now)
{
    const auto period = qint64(telemetry.value(QLatin1String("period_ms")).toDouble());
    const auto rows = telemetry.value(QLatin1String("series")).toArray();
    std::vector<SeriesId> ids;
    std::vector<QJsonArray> values;
    std::vector<bool> states; ///< what is between two of them is one of them
    qsizetype count = 0;
    for (const auto &row : rows) {
        const auto text = [&](const char *key) { return row[QLatin1String(key)].toString(); };
        SeriesDescription description;
        description.key
            = {telemetry.value(QLatin1String("target")).toString(), text("device"), text("metric")};
        description.unit = text("unit");
        const auto kind = text("kind");
        description.kind = kind == QLatin1String("counter") ? StoredKind::Counter
            : kind == QLatin1String("state")                ? StoredKind::State
                                                            : StoredKind::Gauge;
        states.push_back(description.kind == StoredKind::State);
        ids.push_back(store->series(description));
        values.push_back(row[QLatin1String("values")].toArray());
        count = std::max(count, values.back().size());
    }
    std::vector<StoreTick> ticks;
    const qint64 length = (count - 1) * period;
    for (qint64 at = 0; at <= length; at += 1000) {
        StoreTick tick;
        tick.time = now - length + at;
        const double place = double(at) / double(period);
        const auto before = qsizetype(std::floor(place));
        for (std::size_t i = 0; i < values.size(); ++i) {
            const auto &some = values[i];
            const double a = some.at(before).toDouble(NAN);
            const double b = some.at(std::min(before + 1, some.size() - 1)).toDouble(NAN);
            tick.values.push_back(states[i] ? a : a + (b - a) * (place - double(before)));
        }
        ticks.push_back(std::move(tick));
    }
    store->append(ids, std::move(ticks));
}

} // namespace pilothouse
