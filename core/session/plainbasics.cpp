// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/plainbasics.h"

#include "core/session/telemetryfeed.h"

#include <QDateTime>
#include <QPointer>

#include <algorithm>

namespace pilothouse {

QByteArray plainScript()
{
    return R"sh(
for one in stat meminfo loadavg; do
    echo "== $one"
    cat "/proc/$one" 2>/dev/null
done
if command -v nvidia-smi >/dev/null 2>&1; then
    echo "== nvidia"
    nvidia-smi --query-gpu=uuid,utilization.gpu,memory.used,memory.total,power.draw,temperature.gpu --format=csv,noheader,nounits 2>/dev/null
fi
exit 0
)sh";
}

static void parseStat(const QByteArray &text, PlainSample &sample)
{
    const auto lines = text.split('\n');
    for (const auto &line : lines) {
        const auto words = line.simplified().split(' ');
        if (words.size() < 6 || words[0] != "cpu")
            continue;
        PlainSample::Cpu cpu;
        // Not further than steal: guest time is inside user time.
        for (int i = 1; i < std::min<int>(9, int(words.size())); ++i) {
            bool ok = false;
            const double seconds = words[i].toDouble(&ok) / 100; // USER_HZ, 100 on Linux
            if (!ok)
                return;
            cpu.totalSeconds += seconds;
            if (i != 4 && i != 5) // idle, iowait
                cpu.busySeconds += seconds;
        }
        sample.cpu = cpu;
    }
}

std::optional<double> cpuBusyRatio(
    const std::optional<PlainSample::Cpu> &before, const std::optional<PlainSample::Cpu> &after)
{
    if (!before || !after || after->totalSeconds <= before->totalSeconds)
        return std::nullopt;
    const double ratio
        = (after->busySeconds - before->busySeconds) / (after->totalSeconds - before->totalSeconds);
    return std::clamp(ratio, 0.0, 1.0);
}

static void parseMeminfo(const QByteArray &text, PlainSample &sample)
{
    static const QList<QPair<QByteArray, QString>> wanted{
        {"MemTotal:", QStringLiteral("memory_total_bytes")},
        {"MemAvailable:", QStringLiteral("memory_available_bytes")},
        {"SwapTotal:", QStringLiteral("swap_total_bytes")},
        {"SwapFree:", QStringLiteral("swap_free_bytes")}};
    QHash<QByteArray, double> bytes;
    const auto lines = text.split('\n');
    for (const auto &line : lines) {
        const auto words = line.simplified().split(' ');
        bool ok = false;
        const double kib = words.value(1).toDouble(&ok);
        if (ok)
            bytes.insert(words[0], kib * 1024);
    }
    const auto put = [&sample](const QString &metric, double value) {
        sample.values << PlainSample::Value{metric, {}, QStringLiteral("bytes"), value};
    };
    for (const auto &[key, metric] : wanted) {
        if (bytes.contains(key))
            put(metric, bytes[key]);
    }
    const auto putUsed = [&](const QString &metric, const char *total, const char *free) {
        if (bytes.contains(total) && bytes.contains(free))
            put(metric, bytes[total] - bytes[free]);
    };
    putUsed(QStringLiteral("memory_used_bytes"), "MemTotal:", "MemAvailable:");
    putUsed(QStringLiteral("swap_used_bytes"), "SwapTotal:", "SwapFree:");
}

static void parseLoad(const QByteArray &text, PlainSample &sample)
{
    const auto words = text.simplified().split(' ');
    static const QStringList names{
        QStringLiteral("load1"), QStringLiteral("load5"), QStringLiteral("load15")};
    for (int i = 0; i < 3; ++i) {
        bool ok = false;
        const double load = words.value(i).toDouble(&ok);
        if (ok)
            sample.values << PlainSample::Value{names[i], {}, {}, load};
    }
}

static void parseNvidia(const QByteArray &text, PlainSample &sample)
{
    struct Field {
        const char *metric, *unit;
        double factor;
    };
    static constexpr Field fields[]
        = {{"gpu_busy_ratio", "ratio", 0.01}, {"gpu_memory_used_bytes", "bytes", 1048576.0},
            {"gpu_memory_total_bytes", "bytes", 1048576.0}, {"gpu_power_watts", "watts", 1.0},
            {"gpu_temperature_celsius", "celsius", 1.0}};
    const auto lines = text.split('\n');
    for (const auto &line : lines) {
        const auto cells = line.split(',');
        const QString uuid = QString::fromUtf8(cells.value(0).trimmed().left(128));
        if (!uuid.startsWith(QLatin1String("GPU-")))
            continue;
        for (int i = 0; i < int(std::size(fields)); ++i) {
            bool ok = false;
            const double value
                = cells.value(i + 1).trimmed().toDouble(&ok); // "[Not Supported]" stays absent
            if (ok)
                sample.values << PlainSample::Value{QString::fromLatin1(fields[i].metric), uuid,
                    QString::fromLatin1(fields[i].unit), value * fields[i].factor};
        }
    }
}

PlainSample parsePlain(const QByteArray &text)
{
    PlainSample sample;
    QByteArray section, body;
    const auto finish = [&] {
        if (section == "stat")
            parseStat(body, sample);
        else if (section == "meminfo")
            parseMeminfo(body, sample);
        else if (section == "loadavg")
            parseLoad(body, sample);
        else if (section == "nvidia")
            parseNvidia(body, sample);
        body.clear();
    };
    const auto lines = text.split('\n');
    for (const auto &line : lines) {
        if (line.startsWith("== ")) {
            finish();
            section = line.mid(3);
        } else {
            body += line + '\n';
        }
    }
    finish();
    return sample;
}

PlainFeed::PlainFeed(std::shared_ptr<const Link> link, TelemetryStore *store,
    std::shared_ptr<FeedState> state, QObject *parent)
    : QObject(parent)
    , m_link(std::move(link))
    , m_store(store)
    , m_state(std::move(state))
{
    m_state->unsupported = {qMakePair(tr("most metrics"), m_link->without)};
    m_timer.setInterval(2000);
    connect(&m_timer, &QTimer::timeout, this, &PlainFeed::ask);
    m_timer.start();
    ask();
}

void PlainFeed::ask()
{
    if (std::exchange(m_asking, true))
        return; // a slow host is not asked twice at once
    const Command command(
        QStringLiteral("/bin/sh"), QStringList{QStringLiteral("-s")}, plainScript());
    auto task = m_link->transport->run(Context().within(std::chrono::seconds(10)), command);
    QCoro::connect(std::move(task), this, [this](const Result<Output> &output) { take(output); });
}

void PlainFeed::take(const Result<Output> &output)
{
    m_asking = false;
    if (!output)
        return;
    auto sample = parsePlain(output->out);
    if (const auto ratio = cpuBusyRatio(m_cpu, sample.cpu))
        sample.values << PlainSample::Value{
            QStringLiteral("cpu_busy_ratio"), {}, QStringLiteral("ratio"), *ratio};
    m_cpu = sample.cpu;
    std::vector<SeriesId> ids;
    StoreTick tick;
    tick.time = QDateTime::currentMSecsSinceEpoch();
    for (const auto &value : sample.values) {
        SeriesDescription description;
        description.key = {m_link->targetId, value.device, value.metric};
        description.unit = value.unit;
        ids.push_back(m_store->series(description));
        tick.values.push_back(value.value);
    }
    if (ids.empty())
        return;
    m_state->newestAt = tick.time;
    const auto before = m_known.size();
    m_known.insert(ids.begin(), ids.end());
    std::vector<StoreTick> ticks;
    ticks.push_back(std::move(tick));
    m_store->append(ids, std::move(ticks));
    if (m_known.size() > before)
        Q_EMIT catalogueChanged();
    Q_EMIT sampleArrived();
}

} // namespace pilothouse
