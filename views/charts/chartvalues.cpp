// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
// What a ChartView says in figures: legend, summary, table.
#include "core/base/units.h"
#include "views/charts/chartview_p.h"
#include "views/charts/curves.h"

#include <QLocale>

#include <cmath>
#include <utility>

namespace pilothouse {

std::vector<SeriesId> ChartViewPrivate::ids() const
{
    std::vector<SeriesId> ids;
    for (const auto &one : spec.series)
        ids.push_back(one.id);
    return ids;
}

QString ChartViewPrivate::text(double value) const
{
    if (spec.lanes)
        return std::isnan(value) ? formatValue({}, spec.unit) : spec.lanes->words(value);
    if (std::isinf(value))
        return value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞");
    return formatValue(value, spec.unit, spec.binary);
}

QStringList ChartViewPrivate::ticks() const
{
    if (!spec.lanes)
        return tickTexts(scale, spec.unit, spec.binary);
    QStringList names;
    for (const auto &one : spec.series)
        names << one.name;
    return laneTicks(names);
}

const std::vector<Curve> &ChartViewPrivate::shownCurves()
{
    const auto &plan = raster.plan();
    if (std::exchange(hasCurves, true) || plan.size.isEmpty())
        return curves;
    curves.resize(spec.series.size());
    source->read(plan.from, plan.to, plan.size.width(),
        [this](std::size_t index, Curve &curve) { curves[index] = std::move(curve); });
    return curves;
}

void ChartViewPrivate::alignRange(int columns)
{
    const qint64 window = timeline->window();
    // Whole milliseconds a column: the same sample is in the same column in every frame. Where that
    // would stretch the range visibly, columns are what they are.
    const qint64 step = (window + columns - 1) / columns;
    constexpr double most = 1.005;
    if (double(step * columns) <= double(window) * most) {
        to = (timeline->to() + step - 1) / step * step;
        from = to - step * columns;
        return;
    }
    const auto last = qint64((__int128(timeline->to()) * columns + window - 1) / window);
    to = qint64((__int128(last) * window + columns - 1) / columns);
    from = to - window;
}

/// "584–592 W": a unit both share is said once.
static QString rangeText(QString low, const QString &high)
{
    const QChar space(0x00A0);
    const auto unit = low.lastIndexOf(space);
    if (unit > 0 && high.endsWith(low.mid(unit)))
        low.truncate(unit);
    return low + QStringLiteral("–") + high;
}

void ChartView::updateLegend()
{
    if (!d->timeline || !d->source->isThere())
        return;
    const auto crosshair = d->timeline->crosshair();
    static const std::vector<Curve> none;
    const auto &all = crosshair ? curves() : none;
    std::vector<ChartLegend::Entry> entries(d->spec.series.size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
        auto &entry = entries[i];
        entry = {d->spec.series[i].name, formatValue({}, d->spec.unit), false};
        if (crosshair) {
            if (i >= all.size())
                continue;
            if (const auto column = columnAt(all[i], *crosshair)) {
                const bool range = (d->raster.isBand(i) || isSummary(*column))
                    && d->text(column->min) != d->text(column->max);
                entry.value = range ? rangeText(d->text(column->min), d->text(column->max))
                                    : d->text(column->last);
            }
        } else if (const auto latest = d->source->newest(i)) {
            constexpr qint64 old = 10'000;
            const qint64 age = d->timeline->isLive() ? d->timeline->to() - latest->time : 0;
            entry.stale = age > old;
            entry.value = d->text(latest->value);
            if (entry.stale)
                entry.value += QStringLiteral(" · ") + formatAge(std::chrono::milliseconds(age));
        }
    }
    if (entries == d->legend.entries)
        return;
    d->legend.entries = std::move(entries);
    layOut();
    update(0, 0, width(), d->plot->y());
}

QStringList ChartView::legendValues() const
{
    QStringList values;
    for (const auto &entry : d->legend.entries)
        values << entry.value;
    return values;
}

std::vector<SeriesSummary> ChartView::summary() const
{
    std::vector<SeriesSummary> all;
    const QString unknown = QStringLiteral("–");
    for (std::size_t i = 0; i < d->spec.series.size(); ++i) {
        const auto latest = d->source->newest(i);
        SeriesSummary one{d->spec.series[i].name, latest ? d->text(latest->value) : unknown,
            unknown, unknown, i < d->hidden.size() && d->hidden[i]};
        if (i < curves().size())
            if (const auto extent = extentOf(curves()[i]); !extent.empty) {
                one.minimum = d->text(extent.low);
                one.maximum = d->text(extent.high);
            }
        all.push_back(one);
    }
    return all;
}

QString ChartView::summaryText() const
{
    QStringList sentences;
    for (const auto &one : summary())
        sentences << (one.minimum == QStringLiteral("–")
                ? tr("%1: no values").arg(one.name)
                : tr("%1: %2, minimum %3, maximum %4")
                      .arg(one.name, one.latest, one.minimum, one.maximum));
    return sentences.join(QStringLiteral("; "));
}

/// A field as RFC 4180 has it; control bytes and what a spreadsheet takes for a formula stay text.
static QString field(QString text, QChar separator)
{
    for (auto &character : text)
        if (character < QLatin1Char(' '))
            character = QLatin1Char(' ');
    if (separator != QLatin1Char(','))
        return text;
    if (!text.isEmpty() && QStringLiteral("=+-@").contains(text.front()))
        text.prepend(QLatin1Char('\''));
    if (!text.contains(separator) && !text.contains(QLatin1Char('"')))
        return text;
    return QLatin1Char('"') + text.replace(QLatin1Char('"'), QStringLiteral("\"\""))
        + QLatin1Char('"');
}

QString ChartView::table(QChar separator) const
{
    QStringList lines, cells{QStringLiteral("time")};
    const auto shown = [this](std::size_t i) { return i >= d->hidden.size() || !d->hidden[i]; };
    for (std::size_t i = 0; i < d->spec.series.size(); ++i)
        for (const char *value : {"min", "max", "last"})
            if (shown(i))
                cells << field(
                    (d->spec.series[i].name + QLatin1Char(' ') + QLatin1String(value)).trimmed(),
                    separator);
    lines << cells.join(separator);
    const std::size_t count = curves().empty() ? 0 : curves().front().columns.size();
    for (std::size_t row = 0; row < count; ++row) {
        bool any = false;
        cells = {rfc3339(d->from + (d->to - d->from) * qint64(row) / qint64(count))};
        for (std::size_t i = 0; i < curves().size(); ++i) {
            if (!shown(i))
                continue;
            const auto &column = curves()[i].columns[row];
            any |= column.count > 0;
            for (const double value : {column.min, column.max, column.last})
                cells << (column.count > 0 ? QString::number(value, 'g', 12) : QString());
        }
        if (any)
            lines << cells.join(separator);
    }
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

} // namespace pilothouse
