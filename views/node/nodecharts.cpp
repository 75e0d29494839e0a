// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/node/nodecharts.h"

#include "core/models/throttle.h"

#include <QCollator>
#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>
#include <functional>
#include <optional>

namespace pilothouse {

namespace {

/// Which metrics make one chart. With `perDevice` a curve per device, else only the node's own
/// series.
struct Recipe {
    const char *id, *title, *subtitle;
    std::vector<std::pair<const char *, const char *>> metrics; ///< metric, name in the legend
    bool perDevice;
    const char *skip; ///< devices that say little
    std::optional<ChartLanes> lanes = {}; ///< they are states
};

const std::vector<Recipe> &recipes()
{
    static const std::vector<Recipe> all{
        {"gpu_busy", QT_TRANSLATE_NOOP("node", "GPU utilisation"), "%", {{"gpu_busy_ratio", ""}},
            true, ""},
        {"gpu_memory", QT_TRANSLATE_NOOP("node", "GPU memory"), "", {{"gpu_memory_used_bytes", ""}},
            true, ""},
        {"gpu_power", QT_TRANSLATE_NOOP("node", "Power"), "W", {{"gpu_power_watts", ""}}, true, ""},
        {"gpu_heat", QT_TRANSLATE_NOOP("node", "Temperature"), "°C",
            {{"gpu_temperature_celsius", ""}}, true, ""},
        {"gpu_clock", QT_TRANSLATE_NOOP("node", "SM clock"), "MHz", {{"gpu_sm_clock_hertz", ""}},
            true, ""},
        {"gpu_throttle", QT_TRANSLATE_NOOP("node", "Throttle reasons"), "",
            {{"gpu_throttle_reasons", ""}}, true, "", ChartLanes{&throttleLevel, &throttleWords}},
        {"gpu_nvlink", QT_TRANSLATE_NOOP("node", "NVLink"), "",
            {{"gpu_nvlink_receive_bytes", QT_TRANSLATE_NOOP("node", "in")},
                {"gpu_nvlink_transmit_bytes", QT_TRANSLATE_NOOP("node", "out")}},
            true, ""},
        {"gpu_pcie", QT_TRANSLATE_NOOP("node", "PCIe"), "",
            {{"gpu_pcie_receive_bytes", QT_TRANSLATE_NOOP("node", "in")},
                {"gpu_pcie_transmit_bytes", QT_TRANSLATE_NOOP("node", "out")}},
            true, ""},
        {"cpu", QT_TRANSLATE_NOOP("node", "CPU"), "%",
            {{"cpu_busy_ratio", QT_TRANSLATE_NOOP("node", "busy")},
                {"cpu_system_ratio", QT_TRANSLATE_NOOP("node", "system")},
                {"cpu_iowait_ratio", QT_TRANSLATE_NOOP("node", "waiting for disks")}},
            false, ""},
        {"cores", QT_TRANSLATE_NOOP("node", "CPU per core"), "%", {{"cpu_busy_ratio", ""}}, true,
            ""},
        {"load", QT_TRANSLATE_NOOP("node", "Load"), "",
            {{"load1", QT_TRANSLATE_NOOP("node", "1 min")},
                {"load5", QT_TRANSLATE_NOOP("node", "5 min")},
                {"load15", QT_TRANSLATE_NOOP("node", "15 min")}},
            false, ""},
        {"memory", QT_TRANSLATE_NOOP("node", "Memory"), "",
            {{"memory_used_bytes", QT_TRANSLATE_NOOP("node", "used")},
                {"memory_cached_bytes", QT_TRANSLATE_NOOP("node", "cached")},
                {"swap_used_bytes", QT_TRANSLATE_NOOP("node", "swap")}},
            false, ""},
        {"pressure", QT_TRANSLATE_NOOP("node", "Pressure stall"), "%",
            {{"pressure_cpu_some_ratio", QT_TRANSLATE_NOOP("node", "CPU")},
                {"pressure_memory_some_ratio", QT_TRANSLATE_NOOP("node", "memory")},
                {"pressure_io_some_ratio", QT_TRANSLATE_NOOP("node", "I/O")}},
            false, ""},
        {"disks", QT_TRANSLATE_NOOP("node", "Disks"), "",
            {{"disk_read_bytes", QT_TRANSLATE_NOOP("node", "read")},
                {"disk_write_bytes", QT_TRANSLATE_NOOP("node", "write")}},
            true, "^(loop|ram|zram|sr|fd|dm-)"},
        {"network", QT_TRANSLATE_NOOP("node", "Network"), "",
            {{"network_receive_bytes", QT_TRANSLATE_NOOP("node", "in")},
                {"network_transmit_bytes", QT_TRANSLATE_NOOP("node", "out")}},
            true, "^(lo|veth|docker|br-|dummy|sit|tunl|ip6tnl|gre|erspan|bond.*\\.)"},
        // Mostly all of them are nought: last.
        {"gpu_ecc", QT_TRANSLATE_NOOP("node", "ECC errors"), "",
            {{"gpu_ecc_uncorrected_errors", QT_TRANSLATE_NOOP("node", "uncorrected")},
                {"gpu_ecc_corrected_errors", QT_TRANSLATE_NOOP("node", "corrected")}},
            true, ""},
        {"gpu_remapped", QT_TRANSLATE_NOOP("node", "Remapped rows"), "",
            {{"gpu_remapped_rows_uncorrectable", QT_TRANSLATE_NOOP("node", "uncorrectable")},
                {"gpu_remapped_rows", QT_TRANSLATE_NOOP("node", "correctable")}},
            true, ""},
        {"gpu_nvlink_errors", QT_TRANSLATE_NOOP("node", "NVLink errors"), "",
            {{"gpu_nvlink_errors", ""}}, true, ""},
        {"gpu_pcie_replays", QT_TRANSLATE_NOOP("node", "PCIe replays"), "",
            {{"gpu_pcie_replays", ""}}, true, ""},
    };
    return all;
}

struct Found {
    SeriesId id;
    SeriesDescription description;
};
using ByMetric = QMultiHash<QString, Found>;

ByMetric seriesOf(const TelemetryStore &store, const QString &target)
{
    ByMetric byMetric;
    for (const auto id : store.seriesOf(target)) {
        if (const auto description = store.describe(id))
            byMetric.insert(description->key.metric, Found{id, *description});
    }
    return byMetric;
}

NodeChart chartOf(const Recipe &recipe)
{
    NodeChart chart;
    chart.id = QString::fromLatin1(recipe.id);
    chart.spec.title = QCoreApplication::translate("node", recipe.title);
    chart.spec.subtitle = QString::fromUtf8(recipe.subtitle);
    chart.spec.lanes = recipe.lanes;
    return chart;
}

void takeUnit(ChartSpec &spec, const SeriesDescription &of)
{
    const bool rate = of.kind == StoredKind::Counter;
    spec.unit = of.unit;
    if (rate && of.unit == QLatin1String("bytes"))
        spec.unit = QStringLiteral("bytes_per_second");
    else if (rate && of.unit.isEmpty())
        spec.unit = QStringLiteral("per_second");
    spec.binary = !rate;
}

/// With hundreds of cores or GPUs the first 64 say enough in one chart.
constexpr std::size_t mostSeries = 64;

} // namespace

std::vector<NodeChart> nodeCharts(const TelemetryStore &store, const QString &target,
    const std::function<QString(const QString &)> &deviceName)
{
    const auto byMetric = seriesOf(store, target);
    QCollator natural; // cpu2 before cpu10
    natural.setNumericMode(true);
    std::vector<NodeChart> charts;
    for (const auto &recipe : recipes()) {
        const QRegularExpression skip(QString::fromLatin1(recipe.skip));
        auto chart = chartOf(recipe);
        struct Curve {
            QString device;
            std::size_t place;
            ChartSpec::Series series;
        };
        std::vector<Curve> curves;
        for (std::size_t i = 0; i < recipe.metrics.size(); ++i) {
            const auto &[metric, name] = recipe.metrics[i];
            const auto all = byMetric.values(QString::fromLatin1(metric));
            for (const auto &found : all) {
                const QString device = found.description.key.device;
                if (device.isEmpty() == recipe.perDevice
                    || (recipe.skip[0] != '\0' && skip.match(device).hasMatch()))
                    continue;
                const QString word
                    = *name == '\0' ? QString() : QCoreApplication::translate("node", name);
                QString label = device.isEmpty() ? word : deviceName(device);
                if (!device.isEmpty() && !word.isEmpty())
                    label += QLatin1Char(' ') + word;
                curves.push_back({device, i, {found.id, label}});
                takeUnit(chart.spec, found.description);
            }
        }
        std::sort(curves.begin(), curves.end(), [&](const Curve &a, const Curve &b) {
            const int order = recipe.perDevice
                ? natural.compare(deviceName(a.device), deviceName(b.device))
                : 0;
            return order != 0 ? order < 0 : a.place < b.place;
        });
        for (const auto &curve : curves) {
            if (chart.spec.series.size() < mostSeries)
                chart.spec.series.push_back(curve.series);
        }
        if (!chart.spec.series.empty())
            charts.push_back(std::move(chart));
    }
    return charts;
}

std::vector<NodeChart> deviceCharts(
    const TelemetryStore &store, const QString &target, const QString &device)
{
    const auto byMetric = seriesOf(store, target);
    std::vector<NodeChart> charts;
    for (const auto &recipe : recipes()) {
        auto chart = chartOf(recipe);
        for (const auto &[metric, name] : recipe.metrics) {
            const auto all = byMetric.values(QString::fromLatin1(metric));
            const auto found = std::find_if(all.begin(), all.end(),
                [&device](const Found &one) { return one.description.key.device == device; });
            if (!recipe.perDevice || found == all.end())
                continue;
            chart.spec.series.push_back(
                {found->id, *name == '\0' ? QString() : QCoreApplication::translate("node", name)});
            takeUnit(chart.spec, found->description);
        }
        if (!chart.spec.series.empty())
            charts.push_back(std::move(chart));
    }
    return charts;
}

std::vector<NodeChart> comparedCharts(
    const TelemetryStore &store, const QList<ChartSubject> &subjects)
{
    QHash<QString, ByMetric> byTarget;
    for (const auto &subject : subjects)
        if (!byTarget.contains(subject.target))
            byTarget.insert(subject.target, seriesOf(store, subject.target));
    std::vector<NodeChart> charts;
    for (const auto &recipe : recipes()) {
        auto chart = chartOf(recipe);
        const auto &[metric, name] = recipe.metrics.front(); // the others would be other charts
        if (*name != '\0')
            chart.spec.subtitle = QCoreApplication::translate("node", name);
        for (const auto &subject : subjects) {
            if (subject.device.isEmpty() == recipe.perDevice
                || chart.spec.series.size() == mostSeries)
                continue;
            const auto all = byTarget[subject.target].values(QString::fromLatin1(metric));
            for (const auto &found : all) {
                if (found.description.key.device != subject.device)
                    continue;
                chart.spec.series.push_back({found.id, subject.name});
                takeUnit(chart.spec, found.description);
                break;
            }
        }
        if (!chart.spec.series.empty())
            charts.push_back(std::move(chart));
    }
    return charts;
}

} // namespace pilothouse
