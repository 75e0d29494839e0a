// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/fleet/fleetfigures.h"

#include "core/base/units.h"
#include "views/common/figure.h"
#include "views/theme/metrics.h"

#include <QHBoxLayout>
#include <QLocale>

namespace pilothouse {

QString gpuCountText(int count)
{
    return count == 1 ? FleetFigureRow::tr("1 GPU") : FleetFigureRow::tr("%1 GPUs").arg(count);
}

static QString watts(double value)
{
    if (value < 10'000)
        return formatValue(value, QStringLiteral("watts"));
    return QLocale().toString(value / 1000, 'f', 0) + QChar(0x00A0) + QStringLiteral("kW");
}

FleetFigureRow::FleetFigureRow(QWidget *parent)
    : QWidget(parent)
    , m_busy(new Figure(tr("Busy")))
    , m_free(new Figure(tr("Free now")))
    , m_power(new Figure(tr("Power")))
    , m_reserved(new Figure(tr("Reserved but idle")))
    , m_look(new Figure(tr("Needs a look")))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(metrics::gap);
    for (auto *figure : {m_busy, m_free, m_power, m_reserved, m_look})
        row->addWidget(figure, 1);
}

void FleetFigureRow::show(const FleetFigures &figures)
{
    m_busy->setValue(tr("%1 of %2").arg(figures.busy).arg(figures.total));
    m_busy->setNote(figures.known == 0
            ? tr("none is live")
            : tr("%1 % of %2 live")
                  .arg(QLocale().toString(100.0 * figures.busy / figures.known, 'f', 1))
                  .arg(figures.known));
    m_power->setValue(figures.power > 0 ? watts(figures.power) : QStringLiteral("–"));
    m_power->setNote(figures.powerLimit > 0 ? tr("of %1 limit").arg(watts(figures.powerLimit))
                                            : tr("no GPU reports power"));
    showFree(figures);
    showReserved(figures);
    showLook(figures);
}

void FleetFigureRow::showFree(const FleetFigures &figures)
{
    if (figures.free.isEmpty()) {
        m_free->setValue(gpuCountText(0));
        m_free->setNote(tr("nothing fits now"));
        m_free->setMore({});
    } else {
        QStringList types;
        for (const auto &free : figures.free)
            types << tr("%1 × %2").arg(free.count).arg(free.model).replace(u' ', QChar(0x00A0));
        m_free->setValue(types.takeFirst());
        int largest = 0;
        for (const auto &free : figures.free)
            largest = std::max(largest, free.largestOnOneNode);
        m_free->setNote(tr("up to %1 on one node").arg(largest));
        m_free->setMore(types.join(QStringLiteral(", ")));
    }
}

void FleetFigureRow::showReserved(const FleetFigures &figures)
{
    m_reserved->setValue(gpuCountText(figures.reservedIdle));
    m_reserved->setNote(figures.reservedIdle == 0
            ? tr("none for 10 min or longer")
            : (figures.reservedIdlePeople == 1
                      ? tr("≥ 10 min, 1 person")
                      : tr("≥ 10 min, %1 people").arg(figures.reservedIdlePeople))
                + QStringLiteral(" · ")
                + tr("longest %1")
                      .arg(formatDuration(std::chrono::milliseconds(figures.reservedIdleLongest))));
}

void FleetFigureRow::showLook(const FleetFigures &figures)
{
    const int look = figures.bad + figures.watch;
    m_look->setValue(QString::number(look),
        figures.bad > 0 ? Token::Bad
            : look > 0  ? Token::Watch
                        : Token::Text);
    QStringList notes;
    if (figures.bad > 0)
        notes << tr("%1 bad").arg(figures.bad);
    if (figures.watch > 0)
        notes << tr("%1 watch").arg(figures.watch);
    if (figures.stale > 0)
        notes << tr("%1 stale").arg(figures.stale);
    m_look->setNote(notes.isEmpty() ? tr("all is well") : notes.join(QStringLiteral(" · ")));
}

} // namespace pilothouse
