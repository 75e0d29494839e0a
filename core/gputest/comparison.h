// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/gputest/datasheet.h"
#include "core/gputest/result.h"

namespace pilothouse {

/// One figure of a device beside what its maker publishes and what it was at first.
struct GpuTestRow {
    QString
        figure; ///< as the result names it; "link_bytes_per_second UUID" of a way to another GPU
    QString title; ///< translated
    bool bytes = true; ///< per second; else operations
    bool throughHost = false; ///< the host's memory and other work count in it
    std::optional<double> value, published, baseline;
    QString skipped; ///< why there is no value

    std::optional<double> share() const; ///< of the published one
    std::optional<double> drift() const; ///< against the baseline: -0.1 is a tenth slower
    /// Slower than the baseline by 5 %, or 20 % through the host: what two runs of one device are
    /// assumed to differ by; not measured yet.
    bool slower() const;
};

/// In the order of the test; figures that neither were measured nor are known to be missing are
/// left out.
QList<GpuTestRow> compareGpuTest(const GpuTestDevice &device,
    const std::optional<Datasheet> &published, const std::optional<GpuTestDevice> &baseline);

/// "989.4 TFLOPS", "3.35 TB/s"; "—" for nothing.
QString formatGpuTestFigure(const std::optional<double> &value, bool bytes);
/// "63 %"; with `sign`, which is for drift, "+1.2 %"; "—" for nothing.
QString formatGpuTestShare(const std::optional<double> &ratio, bool sign);

} // namespace pilothouse
