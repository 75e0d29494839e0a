// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/telemetry/storeoptions.h"
#include "tests/bench/store/gpufleet.h"

#include <QStringList>

namespace pilothouse::bench {

/// Start of all simulated time, Unix ms; ticks come a second apart, a millisecond early or late.
qint64 tickTime(qint64 begin, int tick);
SeriesDescription describe(int node, const FleetSeries &series);
double cpuSeconds(); ///< of this process and all its threads

/// Serves `nodes` agents' telemetry on descriptors 10, 11, ... until they are closed.
int serveTicks(const QStringList &arguments);
int ingest(const QStringList &arguments);
int writeLines(const QStringList &arguments);
int measureBytes(const QStringList &arguments);
int answerQueries(const QStringList &arguments);
int findSpike(const QStringList &arguments);

} // namespace pilothouse::bench
