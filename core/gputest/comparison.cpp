// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gputest/comparison.h"

#include <QCoreApplication>

#include <cmath>
#include <iterator>

namespace pilothouse {

namespace {

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
    const bool host
        = figure.contains(QLatin1String("2h_")) || figure.contains(QLatin1String("2d_"));
    const auto change = drift();
    return change && *change < (host ? -0.2 : -0.05);
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
        row.value = valueOf(device.figures, row.figure);
        row.skipped = device.skipped.value(row.figure);
        if (published)
            row.published = valueOf(published->figures, row.figure);
        if (baseline)
            row.baseline = valueOf(baseline->figures, row.figure);
        if (row.value || row.baseline || !row.skipped.isEmpty())
            rows << row;
    }
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
