// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/node/chartbridge.h"

#include "views/charts/charttimeline.h"
#include "views/pages/timerange.h"
#include "views/theme/theme.h"

namespace pilothouse {

ChartTimeline *timelineOf(TimeRange *range, const std::function<qint64()> &clock)
{
    if (auto *known = range->findChild<ChartTimeline *>(QString(), Qt::FindDirectChildrenOnly))
        return known;
    auto *timeline = new ChartTimeline(range, clock);
    const auto fromRange = [range, timeline, clock] {
        const qint64 now = clock();
        if (range->live()) {
            if (timeline->window() != range->span())
                timeline->setWindow(range->span());
            if (!timeline->isLive())
                timeline->goLive();
        } else if (timeline->isLive() || timeline->from() != range->begin(now)
            || timeline->to() != range->end(now)) {
            timeline->zoomTo(range->begin(now), range->end(now));
        }
    };
    const auto fromTimeline = [range, timeline, clock] {
        if (timeline->isLive()) {
            if (!range->live())
                range->setLive(true, clock());
            if (range->span() != timeline->window())
                range->setSpan(timeline->window());
        } else if (range->live() || range->begin(0) != timeline->from()
            || range->end(0) != timeline->to()) {
            range->show(timeline->from(), timeline->to());
        }
    };
    fromRange();
    QObject::connect(range, &TimeRange::changed, timeline, fromRange);
    QObject::connect(timeline, &ChartTimeline::liveChanged, range, fromTimeline);
    QObject::connect(timeline, &ChartTimeline::windowChanged, range, fromTimeline);
    QObject::connect(timeline, &ChartTimeline::rangeChanged, range, [timeline, fromTimeline] {
        if (!timeline->isLive()) // live moves every second and says nothing new
            fromTimeline();
    });
    return timeline;
}

ChartColors themedChartColors()
{
    ChartColors colors;
    colors.background = themed(Token::Card);
    colors.grid = themed(Token::Line);
    if (Theme::instance().scheme() == Scheme::HighContrast)
        colors.grid.setAlpha(80); // curves stand out, not the grid
    colors.text = themed(Token::Text);
    colors.text2 = themed(Token::Text2);
    colors.crosshair = themed(Token::Text3);
    colors.limit = themed(Token::Watch);
    colors.focus = themed(Token::Accent);
    colors.job = themed(Token::Accent);
    colors.watch = themed(Token::Watch);
    colors.bad = themed(Token::Bad);
    colors.unknown = themed(Token::Unknown);
    colors.onMark = themed(Token::OnPrimary);
    for (int i = 0; i < seriesCount; ++i)
        colors.series.push_back(Theme::instance().series(i));
    return colors;
}

} // namespace pilothouse
