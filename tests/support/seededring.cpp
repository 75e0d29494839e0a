// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/seededring.h"

#include "agents/collectors/clock.h"
#include "agents/collectors/ids.h"
#include "agents/collectors/kernelfile.h"
#include "agents/collectors/ring.h"

#include <QFile>

namespace pilothouse {

static constexpr qint64 second = 1'000'000'000;

qint64 hostUptime()
{
    return agent::boottimeNs() / second;
}

SeededRing seedRing(const QString &runFolder, qint64 fromSecondsAgo, qint64 toSecondsAgo,
    bool earlierBoot, qint64 clockShift)
{
    agent::RingOptions options;
    options.folder = QFile::encodeName(runFolder).toStdString();
    auto boot = agent::readOnce("/proc/sys/kernel/random/boot_id");
    boot.resize(36);
    options.boot = earlierBoot ? agent::Id{7} : agent::parseId(boot).value_or(agent::Id{});
    const qint64 wallNow = agent::wallNs() + clockShift * second;
    // An earlier boot's clock has its own zero; a million seconds are longer than any test's past.
    const qint64 bootNow = earlierBoot ? 1'000'000 * second : agent::boottimeNs();
    const auto at = [&](qint64 ago) {
        return agent::Moment{bootNow - ago * second, wallNow - ago * second};
    };
    agent::Ring ring(options, at(fromSecondsAgo));
    auto catalogue = ring.known();
    if (catalogue.series.empty()) {
        ++catalogue.version;
        catalogue.series.push_back(
            {SeededRing::metric().toStdString(), "", "", agent::MetricKind::Gauge, 1});
    }
    SeededRing seeded;
    for (qint64 ago = fromSecondsAgo; ago >= toSecondsAgo; --ago) {
        const auto moment = at(ago);
        wire::Tick tick;
        tick.number = ring.firstNumber() + quint64(fromSecondsAgo - ago);
        tick.boottimeNs = moment.boottimeNs;
        tick.wallNs = moment.wallNs;
        tick.values = {qint64(tick.number)};
        ring.append(tick, seeded.ticks == 0 ? &catalogue : nullptr);
        if (seeded.ticks++ == 0) {
            seeded.first = tick.number;
            seeded.firstWallMs = tick.wallNs / 1'000'000;
        }
        seeded.last = tick.number;
        seeded.lastWallMs = tick.wallNs / 1'000'000;
    }
    return seeded;
}

} // namespace pilothouse
