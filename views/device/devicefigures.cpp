// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/device/devicefigures.h"

#include "core/base/units.h"
#include "core/models/throttle.h"
#include "views/common/figure.h"
#include "views/theme/metrics.h"

#include <QHBoxLayout>

#include <cmath>

namespace pilothouse {

DeviceFigures::DeviceFigures(QWidget *parent)
    : QWidget(parent)
    , m_util(new Figure(tr("Utilisation")))
    , m_memory(new Figure(tr("Memory")))
    , m_power(new Figure(tr("Power")))
    , m_heat(new Figure(tr("Temperature")))
    , m_clock(new Figure(tr("SM clock")))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(metrics::gap);
    for (auto *figure : {m_util, m_memory, m_power, m_heat, m_clock})
        row->addWidget(figure, 1);
}

static QString shareText(double share, const QString &text)
{
    return std::isnan(share) ? QString() : text.arg(formatValue(share, QStringLiteral("ratio")));
}

void DeviceFigures::show(const FleetGpu &gpu, const More &more)
{
    m_util->setValue(valueOf(gpu, FleetMetric::Util));
    m_util->setNote(
        gpu.state == FleetState::Stale || std::isnan(gpu.util) ? gpu.verdict : tr("of the time"));
    m_memory->setValue(valueOf(gpu, FleetMetric::Memory));
    m_memory->setNote(shareText(shareOf(gpu, FleetMetric::Memory), tr("%1 in use")));
    m_power->setValue(valueOf(gpu, FleetMetric::Power));
    m_power->setNote(shareText(shareOf(gpu, FleetMetric::Power), tr("%1 of its limit")));
    m_heat->setValue(valueOf(gpu, FleetMetric::Temperature));
    m_heat->setNote(more.memoryCelsius
            ? tr("memory %1").arg(formatValue(more.memoryCelsius, QStringLiteral("celsius")))
            : QString());
    m_clock->setValue(formatValue(more.clockHertz, QStringLiteral("hertz")));
    const auto &reasons = more.throttleReasons;
    m_clock->setNote(!reasons             ? QString()
            : throttleLevel(*reasons) > 0 ? tr("held back: %1").arg(throttleWords(*reasons))
                                          : tr("not held back"));
}

} // namespace pilothouse
