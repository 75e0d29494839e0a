// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/overview.h"

#include "app/ctl/output.h"
#include "core/base/units.h"

#include <QJsonArray>

namespace pilothouse::ctl {

static QStringList gpus(const AgentCatalogue &catalogue)
{
    QStringList devices;
    for (const auto &info : catalogue.series) {
        if (info.metric == QLatin1String("gpu_busy_ratio") && !devices.contains(info.device))
            devices << info.device;
    }
    return devices;
}

/// Each column as wide as its widest cell.
static QList<QStringList> rightAligned(QList<QStringList> rows)
{
    for (qsizetype column = 0; !rows.isEmpty() && column < rows.first().size(); ++column) {
        qsizetype widest = 0;
        for (const auto &row : std::as_const(rows))
            widest = std::max(widest, row[column].size());
        for (auto &row : rows)
            row[column] = row[column].rightJustified(widest);
    }
    return rows;
}

static constexpr const char *nodeMetrics[] = {"cpu_busy_ratio", "load1", "load5", "load15",
    "memory_used_bytes", "memory_total_bytes", "swap_used_bytes", "swap_total_bytes"};
static constexpr const char *gpuMetrics[]
    = {"gpu_busy_ratio", "gpu_memory_used_bytes", "gpu_memory_total_bytes", "gpu_power_watts",
        "gpu_power_limit_watts", "gpu_temperature_celsius"};

QStringList overview(const QString &target, const Sample &sample)
{
    const auto shown = [&sample](const char *metric, const char *unit, const QString &device = {}) {
        return formatValue(sample.value(metric, device), QLatin1String(unit));
    };
    QStringList lines;
    lines << tr("%1  %2").arg(target, rfc3339(sample.time()));
    if (const auto skew = sample.clock.skewMs())
        lines << skewSentence(target, *skew);
    lines << tr("CPU %1   load %2 %3 %4")
                 .arg(shown("cpu_busy_ratio", "ratio"), shown("load1", ""), shown("load5", ""),
                     shown("load15", ""));
    const auto swap = sample.value("swap_total_bytes", {});
    lines << tr("memory %1 of %2   swap %3")
                 .arg(shown("memory_used_bytes", "bytes"), shown("memory_total_bytes", "bytes"),
                     swap && *swap == 0 ? tr("none")
                                        : tr("%1 of %2")
                                              .arg(shown("swap_used_bytes", "bytes"),
                                                  shown("swap_total_bytes", "bytes")));
    const auto devices = gpus(sample.catalogue);
    QList<QStringList> rows;
    for (const auto &device : devices)
        rows << QStringList{device.left(12), shown("gpu_busy_ratio", "ratio", device),
            shown("gpu_memory_used_bytes", "bytes", device),
            shown("gpu_memory_total_bytes", "bytes", device),
            shown("gpu_power_watts", "watts", device),
            shown("gpu_power_limit_watts", "watts", device),
            shown("gpu_temperature_celsius", "celsius", device)};
    for (const auto &row : rightAligned(rows)) // unit below unit
        lines << tr("%1  %2   memory %3 of %4   %5 of %6   %7")
                     .arg(row[0], row[1], row[2], row[3], row[4], row[5], row[6]);
    return lines;
}

QJsonObject overviewToJson(const QString &target, const Sample &sample)
{
    const auto put = [&sample](QJsonObject &object, const char *metric, const QString &device) {
        const auto value = sample.value(metric, device);
        object.insert(QLatin1String(metric), value ? QJsonValue(*value) : QJsonValue());
    };
    QJsonObject object;
    object.insert(QStringLiteral("target"), target);
    object.insert(QStringLiteral("time"), rfc3339(sample.time()));
    const auto skew = sample.clock.skewMs();
    object.insert(QStringLiteral("clock_skew_ms"), skew ? QJsonValue(*skew) : QJsonValue());
    object.insert(QStringLiteral("without_agent"), orNull(sample.without));
    for (const auto *metric : nodeMetrics)
        put(object, metric, {});
    QJsonArray array;
    const auto devices = gpus(sample.catalogue);
    for (const auto &device : devices) {
        QJsonObject gpu;
        gpu.insert(QStringLiteral("uuid"), device);
        for (const auto *metric : gpuMetrics)
            put(gpu, metric, device);
        array.append(gpu);
    }
    object.insert(QStringLiteral("gpus"), array);
    return object;
}

} // namespace pilothouse::ctl
