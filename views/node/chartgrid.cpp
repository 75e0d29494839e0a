// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/node/chartgrid.h"

#include "views/node/chartbridge.h"
#include "views/theme/metrics.h"
#include "views/theme/theme.h"

#include <QGridLayout>
#include <QMessageBox>

#include <utility>

namespace pilothouse {

ChartGrid::ChartGrid(
    TelemetryStore *store, ChartTimeline *timeline, int columns, QSize least, QWidget *parent)
    : QWidget(parent)
    , m_store(store)
    , m_timeline(timeline)
    , m_columns(columns)
    , m_least(least)
    , m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(metrics::gap);
    for (int column = 0; column < columns; ++column)
        m_grid->setColumnStretch(column, 1);
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        for (auto *chart : std::as_const(m_charts))
            chart->setColors(themedChartColors());
    });
}

void ChartGrid::setCharts(std::vector<NodeChart> charts)
{
    auto before = std::exchange(m_charts, {});
    int place = 0;
    for (auto &chart : charts) {
        auto *view = before.take(chart.id);
        if (view == nullptr) {
            view = new ChartView(m_store, m_timeline);
            view->setColors(themedChartColors());
            view->setMinimumSize(m_least);
            connect(view, &ChartView::failed, this, [view](const QString &sentence) {
                auto *box = new QMessageBox(
                    QMessageBox::Warning, tr("Export"), sentence, QMessageBox::Close, view);
                box->setAttribute(Qt::WA_DeleteOnClose);
                box->setModal(false);
                box->show();
            });
        }
        m_charts.insert(chart.id, view);
        if (view->spec().series != chart.spec.series || view->spec().limit != chart.spec.limit)
            view->setSpec(std::move(chart.spec));
        m_grid->addWidget(view, place / m_columns, place % m_columns);
        ++place;
    }
    qDeleteAll(before);
}

} // namespace pilothouse
