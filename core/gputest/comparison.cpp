// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gputest/comparison.h"

#include <QCoreApplication>

#include <cmath>
#include <iterator>

namespace pilothouse {

namespace {

const QLatin1String linkFigure("link_bytes_per_second ");

struct Figure {
    const char *name, *title;
    bool bytes;
};

constexpr Figure figures[] = {
    {"device_read_bytes_per_second", QT_TRANSLATE_NOOP("gputest", "Memory, read"), true},
    {"device_write_bytes_per_second", QT_TRANSLATE_NOOP("gputest", "Memory, write"), true},
    {"device_copy_bytes_per_second", QT_TRANSLATE_NOOP("gputest", "Memory, copy"), true},
    {"h2d_pinned_bytes_per_second", QT_TRANSLATE_NOOP("gputest", "Host to GPU, pinned"), true},
    {"d2h_pinned_bytes_per_second", QT_TRANSLATE_NOOP("gputest", "GPU to host, pinned"), true},
    {"h2d_pageable_bytes_per_second", QT_TRANSLATE_NOOP("gputest", "Host to GPU, pageable"), true},
    {"d2h_pageable_bytes_per_second", QT_TRANSLATE_NOOP("gputest", "GPU to host, pageable"), true},
    {"gemm_fp32_flops_per_second", QT_TRANSLATE_NOOP("gputest", "FP32"), false},
    {"gemm_tf32_flops_per_second", QT_TRANSLATE_NOOP("gputest", "TF32 tensor"), false},
    {"gemm_bf16_flops_per_second", QT_TRANSLATE_NOOP("gputest", "BF16 tensor"), false},
    {"gemm_fp16_flops_per_second", QT_TRANSLATE_NOOP("gputest", "FP16 tensor"), false},
    {"gemm_fp8_flops_per_second", QT_TRANSLATE_NOOP("gputest", "FP8 tensor"), false},
    {"load_flops_per_second", QT_TRANSLATE_NOOP("gputest", "Sustained load"), false},
};

std::optional<double> valueOf(const QHash<QString, double> &values, const QString &name)
{
    const auto found = values.constFind(name);
    return found == values.constEnd() ? std::nullopt : std::optional(*found);
}

std::optional<double> speedOf(const QList<GpuTestLink> &links, const QString &to)
{
    for (const auto &link : links) {
        if (link.to == to && link.bytesPerSecond > 0)
            return link.bytesPerSecond;
    }
    return std::nullopt;
}

/// A row per link: "To GPU-4c2f60d1 (direct)".
void compareLinks(QList<GpuTestRow> &rows, const GpuTestDevice &device,
    const std::optional<GpuTestDevice> &baseline)
{
    for (const auto &link : device.links) {
        GpuTestRow row;
        row.figure = linkFigure + link.to;
        row.title
            = (link.direct ? QCoreApplication::translate("gputest", "To %1, direct")
                           : QCoreApplication::translate("gputest", "To %1, through the host"))
                  .arg(link.to.left(12));
        row.value = speedOf(device.links, link.to);
        row.skipped = link.trouble;
        row.throughHost = !link.direct;
        if (baseline)
            row.baseline = speedOf(baseline->links, link.to);
        rows << row;
    }
}

} // namespace

std::optional<double> GpuTestRow::share() const
{
    return value && published && *published > 0 ? std::optional(*value / *published) : std::nullopt;
}

std::optional<double> GpuTestRow::drift() const
{
    return value && baseline && *baseline > 0 ? std::optional(*value / *baseline - 1)
                                              : std::nullopt;
}

bool GpuTestRow::slower() const
{
    const auto change = drift();
    return change && *change < (throughHost ? -0.2 : -0.05);
}

QList<GpuTestRow> compareGpuTest(const GpuTestDevice &device,
    const std::optional<Datasheet> &published, const std::optional<GpuTestDevice> &baseline)
{
    QList<GpuTestRow> rows;
    for (const auto &figure : figures) {
        GpuTestRow row;
        row.figure = QString::fromLatin1(figure.name);
        row.title = QCoreApplication::translate("gputest", figure.title);
        row.bytes = figure.bytes;
        row.throughHost = row.figure.contains(QLatin1String("2h_"))
            || row.figure.contains(QLatin1String("2d_"));
        row.value = valueOf(device.figures, row.figure);
        row.skipped = device.skipped.value(row.figure);
        if (published)
            row.published = valueOf(published->figures, row.figure);
        if (baseline)
            row.baseline = valueOf(baseline->figures, row.figure);
        if (row.value || row.baseline || !row.skipped.isEmpty())
            rows << row;
    }
    compareLinks(rows, device, baseline);
    return rows;
}

QString formatGpuTestFigure(const std::optional<double> &value, bool bytes)
{
    if (!value)
        return QStringLiteral("—");
    static constexpr const char *byteUnits[] = {"B/s", "kB/s", "MB/s", "GB/s", "TB/s"};
    static constexpr const char *operationUnits[]
        = {"FLOPS", "KFLOPS", "MFLOPS", "GFLOPS", "TFLOPS"};
    double number = *value;
    std::size_t unit = 0;
    for (; number >= 1000 && unit + 1 < std::size(byteUnits); ++unit)
        number /= 1000;
    const int digits = number < 10 ? 2 : number < 1000 ? 1 : 0;
    return QString::number(number, 'f', digits) + QLatin1Char(' ')
        + QString::fromLatin1(bytes ? byteUnits[unit] : operationUnits[unit]);
}

QString formatGpuTestShare(const std::optional<double> &ratio, bool sign)
{
    if (!ratio)
        return QStringLiteral("—");
    // Rounded first, so that there is no -0.0.
    const double shown = std::round(*ratio * 1000) / 10 + 0.0;
    const QString text = QString::number(shown, 'f', sign ? 1 : 0) + QStringLiteral(" %");
    return sign && shown > 0 ? QLatin1Char('+') + text : text;
}

} // namespace pilothouse
