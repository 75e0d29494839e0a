// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QHash>
#include <QJsonObject>
#include <QStringList>

#include <optional>

namespace pilothouse {

/// The first word of the job: the agent runs the program that lies beside it.
inline const QString gpuTestProgram = QStringLiteral("pilothouse-gputest");

/// Least, mean and most under sustained load.
struct GpuTestRange {
    double min = 0, mean = 0, max = 0;
};

/// A way from one device to another of the host.
struct GpuTestLink {
    QString to; ///< UUID
    bool direct = false; ///< over NVLink or PCIe and not through the host's memory
    double bytesPerSecond = 0; ///< 0 = not measured
    QString trouble; ///< why not
};

/// What pilothouse-gputest found of one device (agents/gputest/result.schema.json).
struct GpuTestDevice {
    QString uuid, name, compute, module;
    QHash<QString, double> figures; ///< bytes or operations per second, by name
    QHash<QString, QString> skipped; ///< why a figure is not there
    QStringList errors, warnings, slowedBy;
    QList<GpuTestLink> links;
    QHash<QString, GpuTestRange> load; ///< sm_clock_mhz, power_watts, temperature_celsius
    qint64 memoryTestedBytes = 0, memoryErrors = 0;
    QJsonObject json; ///< all of it, its links among them
};

struct GpuTestResult {
    QString verdict; ///< "ok", "errors", "no CUDA device", "unfinished"
    QString trouble, driver;
    qint64 startedMs = 0;
    bool simulated = false;
    QStringList errors, warnings; ///< of the host and of links
    QList<GpuTestDevice> devices;
};

/// Of the program's output. BadReply for what is no result; odd values in one are left out.
Result<GpuTestResult> parseGpuTest(const QByteArray &json);

/// The last line of a job's log that is a result; nullopt when there is none.
std::optional<QByteArray> gpuTestResultIn(const QByteArray &log);

} // namespace pilothouse
