// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/agentlink/telemetrydecoder.h"

#include <QCoreApplication>

#include <algorithm>

namespace pilothouse {

/// A run of unchanged values takes two bytes on the wire: bounds what a small message can become.
static constexpr std::size_t maxBatchValues = 130 * wire::TickDecoder::maxSeries;

static constexpr std::size_t mostMessages = 256; // an agent keeps half as many

Result<TelemetryItem> TelemetryDecoder::operator()(const proto::Batch &batch)
{
    TelemetryItem item;
    if (!m_gate->take(batch.ByteSizeLong()))
        return fail(flooding());
    if (plausible(batch.sent_wall_ns()) && plausible(batch.sent_boottime_ns())) {
        item.sentWallNs = batch.sent_wall_ns();
        item.sentBoottimeNs = batch.sent_boottime_ns();
    }
    if (batch.has_catalogue()) {
        auto catalogue = toCatalogue(batch.catalogue());
        m_steps.clear();
        for (const auto &series : catalogue.series)
            m_steps.push_back(series.step);
        m_gate->expect(m_steps.size());
        item.catalogue = std::move(catalogue);
    }
    for (const auto &event : batch.kernel_events()) {
        if (item.kernel.size() < mostMessages)
            item.kernel.push_back(toMessage(event));
    }
    std::string_view in(batch.ticks());
    std::size_t values = 0;
    for (uint32_t i = 0; i < batch.count(); ++i) {
        const auto *tick = m_decoder.next(in);
        if (!tick || !plausible(tick->wallNs) || !plausible(tick->boottimeNs)
            || (values += tick->values.size() + 1) > maxBatchValues)
            return fail({ErrorKind::BadReply, QStringLiteral("telemetry"),
                QCoreApplication::translate(
                    "agentlink", "The node sent samples that cannot be read."),
                {},
                QCoreApplication::translate(
                    "agentlink", "The subscription starts again by itself.")});
        AgentTick out{tick->number, tick->boottimeNs, tick->wallNs, {}};
        const std::size_t count = std::min(tick->values.size(), m_steps.size());
        out.values.resize(count);
        for (std::size_t k = 0; k < count; ++k)
            out.values[k] = inSteps(tick->values[k], m_steps[k]);
        item.ticks.push_back(std::move(out));
    }
    if (!m_gate->take(values * 2))
        return fail(flooding());
    return item;
}

} // namespace pilothouse
