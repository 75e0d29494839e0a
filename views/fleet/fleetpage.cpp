// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/fleet/fleetpage.h"

#include "core/models/rowmodel.h"
#include "views/common/choicebutton.h"
#include "views/common/emptystate.h"
#include "views/common/headerstate.h"
#include "views/common/pageheader.h"
#include "views/common/table.h"
#include "views/common/textlabel.h"
#include "views/fleet/devicebar.h"
#include "views/fleet/filterfield.h"
#include "views/fleet/fleetdelegate.h"
#include "views/fleet/fleetfigures.h"
#include "views/fleet/fleetsource.h"
#include "views/fleet/fleetsplitter.h"
#include "views/fleet/fleettrace.h"
#include "views/fleet/heatlegend.h"
#include "views/fleet/heatmap.h"
#include "views/theme/metrics.h"
#include "views/theme/style.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QSet>
#include <QStackedLayout>
#include <QTabBar>
#include <QTableView>
#include <QTimer>

namespace pilothouse {

static constexpr int frameMs = 80; // the newest sample on the map is not much older
static constexpr qsizetype agedAtOnce = 256; // nodes: all of a fleet that falls silent would stall

FleetPage::FleetPage(const PageContext &context)
    : m_context(context)
    , m_source(new FleetSource(context, this))
    , m_reading([this](qint64 now) { return m_source->read(now); })
    , m_model(new FleetModel(this))
    , m_header(new PageHeader)
    , m_figures(new FleetFigureRow)
    , m_map(new HeatMap(m_model))
    , m_legend(new HeatLegend)
    , m_filter(new FilterField(
          m_model->fields(), [this](int column) { return columnValues(*m_model, column); }))
    , m_problem(new TextLabel({}, TextKind::Small, Token::Bad))
    , m_bar(new DeviceBar)
    , m_table(new QTableView)
    , m_delegate(new FleetDelegate(m_table))
    , m_empty(new EmptyState(QStringLiteral("cpu")))
    , m_hidden(new EmptyState(QStringLiteral("filter")))
    , m_splitter(new FleetSplitter)
    , m_stack(new QStackedLayout)
    , m_tableStack(new QStackedLayout)
    , m_second(new QTimer(this))
    , m_frame(new QTimer(this))
{
    m_header->setTitle(tr("Fleet"));
    addChoices();
    m_header->tabs()->addTab(tr("Map"));
    m_header->tabs()->addTab(tr("Table"));
    connect(m_header->tabs(), &QTabBar::currentChanged, this, &FleetPage::setTab);

    setUpTable(m_table, m_model, tr("GPUs"));
    m_table->setItemDelegate(m_delegate);
    m_delegate->setTrend([this](const QString &target, const QString &uuid, int columns) {
        return m_source->trend(target, uuid, columns);
    });
    connect(
        m_source, &FleetSource::trendsChanged, m_table->viewport(), qOverload<>(&QWidget::update));
    const int widths[] = {168, 80, 230, 110, 60, 150, 66, 60, 76, 76, 130, 110};
    for (int column = 0; column < FleetModel::ShownCount; ++column)
        m_table->setColumnWidth(column, widths[column]);
    m_table->setColumnHidden(FleetModel::State, true);
    m_table->setColumnHidden(FleetModel::Group, true);
    m_table->horizontalHeader()->setSectionResizeMode(FleetModel::Verdict, QHeaderView::Stretch);
    m_table->horizontalHeader()->setSortIndicatorClearable(true);
    m_table->horizontalHeader()->setSortIndicator(
        -1, Qt::AscendingOrder); // what needs a look first
    keepHeaderState(m_table->horizontalHeader(), QStringLiteral("fleet"));
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QWidget::customContextMenuRequested, this, &FleetPage::contextMenu);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    m_stack->addWidget(content());
    m_stack->addWidget(m_empty);
    column->addLayout(m_stack, 1);
    m_empty->setText(tr("No GPUs yet"),
        tr("This page shows every GPU of every open target. Connect a target that has some."));
    m_empty->setAction(tr("Show targets"));

    connect(m_empty, &EmptyState::activated, this,
        [this] { m_context.openPage(QStringLiteral("targets")); });
    connect(m_hidden, &EmptyState::activated, m_filter, &QLineEdit::clear);
    connect(m_filter, &FilterField::filterChanged, this, [this](const FilterNode &filter) {
        m_model->setFilter(compileFilter(filter, m_filter->fields()));
    });
    connect(m_filter, &FilterField::problemChanged, m_problem, &QLabel::setText);
    connect(m_filter, &FilterField::left, m_table, qOverload<>(&QWidget::setFocus));
    connect(m_model, &RowIndexModel::settled, this, &FleetPage::settle);
    connect(m_map, &HeatMap::currentChanged, this, &FleetPage::choose);
    connect(m_map, &HeatMap::activated, this, &FleetPage::openDevice);
    connect(m_table, &QTableView::activated, this,
        [this](const QModelIndex &index) { openDevice(index.data(KeyRole).toString()); });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
        [this](const QModelIndex &now) {
            if (now.isValid() && m_table->hasFocus())
                m_map->setCurrent(now.data(KeyRole).toString());
        });
    connect(m_bar, &DeviceBar::deviceWanted, this, &FleetPage::openDevice);
    connect(m_bar, &DeviceBar::jobWanted, this, &FleetPage::openJob);
    connect(m_bar, &DeviceBar::alertWanted, this, &FleetPage::openAlert);
    connect(m_bar, &DeviceBar::filterWanted, m_filter, &QLineEdit::setText);
    connect(m_bar, &DeviceBar::closed, m_map, [this] { m_map->setCurrent({}); });
    connect(m_second, &QTimer::timeout, this, &FleetPage::second);
    m_second->start(1000);
    FleetTrace::start(m_map, m_model);
    m_frame->setSingleShot(true);
    m_frame->setInterval(frameMs);
    connect(m_source, &FleetSource::sampled, m_frame, qOverload<>(&QTimer::start));
    connect(m_frame, &QTimer::timeout, this, [this] {
        if (isVisible() && m_live && !m_outdated)
            m_outdated = !follow(agedAtOnce / 8);
    });
    refresh();
}

QWidget *FleetPage::content()
{
    auto *lower = new QWidget;
    auto *rows = new QVBoxLayout(lower);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(8);
    auto *line = new QHBoxLayout;
    line->setSpacing(metrics::gap);
    line->addWidget(m_legend);
    m_problem->setElide(Qt::ElideRight);
    m_problem->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_problem->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    line->addWidget(m_problem, 1);
    m_filter->setMinimumWidth(220);
    m_filter->setMaximumWidth(380);
    line->addWidget(m_filter, 2);
    rows->addLayout(line);
    rows->addWidget(m_bar);
    auto *tables = new QWidget;
    tables->setLayout(m_tableStack);
    m_tableStack->addWidget(m_table);
    m_tableStack->addWidget(m_hidden);
    rows->addWidget(tables, 1);
    m_splitter->installEventFilter(this);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(metrics::gap);
    m_splitter->addWidget(m_map);
    m_splitter->addWidget(lower);
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(1, 1);
    connect(m_map, &HeatMap::heightWanted, this, &FleetPage::shareHeight);
    connect(m_splitter, &QSplitter::splitterMoved, this, [this] { m_sized = true; });
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(metrics::margin, 16, metrics::margin, metrics::margin);
    column->setSpacing(metrics::gap);
    column->addWidget(m_figures);
    column->addWidget(m_splitter, 1);
    return page;
}

/// The map as high as it is, three fifths at most; from then on the person's handle decides.
void FleetPage::shareHeight(int wanted)
{
    const int height = m_splitter->height() - m_splitter->handleWidth();
    if (m_sized || height < 200)
        return;
    m_map->setRoom(height * 3 / 5);
    const int map = std::min(wanted, height * 3 / 5);
    if (wanted > 0 && m_splitter->sizes().value(0) != map)
        m_splitter->setSizes({map, height - map});
}

void FleetPage::addChoices()
{
    auto *grouping = new ChoiceButton(
        tr("Group by"), {tr("group"), tr("cluster"), tr("node"), tr("job"), tr("person")});
    connect(grouping, &ChoiceButton::chosen, this,
        [this](int i) { m_map->setGrouping(FleetGrouping(i)); });
    auto *metric = new ChoiceButton(
        tr("Metric"), {tr("GPU utilisation"), tr("memory"), tr("power"), tr("temperature")});
    connect(metric, &ChoiceButton::chosen, this, [this](int i) {
        m_map->setMetric(FleetMetric(i));
        m_legend->setMetric(FleetMetric(i));
    });
    m_header->addAction(grouping);
    m_header->addAction(metric);
    auto *compareButton = new QPushButton(tr("Compare"));
    compareButton->setToolTip(tr("Charts of the selected GPUs, else of all that are shown"));
    connect(compareButton, &QPushButton::clicked, this, &FleetPage::compare);
    m_header->addAction(compareButton);
    auto *launchButton = new QPushButton(tr("Launch job"));
    setButtonKind(launchButton, ButtonKind::Primary);
    launchButton->setToolTip(tr("On the chosen GPU's node, else where most GPUs are free"));
    connect(launchButton, &QPushButton::clicked, this, &FleetPage::launch);
    m_header->addAction(launchButton);
}

void FleetPage::setReading(std::function<std::vector<FleetGpu>(qint64)> reading)
{
    m_reading = std::move(reading);
    m_live = false;
    refresh();
}

bool FleetPage::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_splitter && event->type() == QEvent::Resize && !m_sized)
        QTimer::singleShot(0, this, [this] { shareHeight(m_map->heatLayout().height); });
    return QWidget::eventFilter(watched, event);
}

void FleetPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
}

/// The map follows samples as they come. False when all GPUs have to be read.
bool FleetPage::follow(qsizetype aged)
{
    auto some = m_source->readSome(m_context.feed->now(), aged);
    return some && m_model->applySome(std::move(*some));
}

void FleetPage::second()
{
    if (!isVisible())
        return;
    if (!m_live || m_outdated || !follow(agedAtOnce)) {
        refresh();
        return;
    }
    m_model->showSome(m_context.feed->now());
    showFigures();
}

void FleetPage::refresh()
{
    const qint64 now = m_context.feed->now();
    m_outdated = false;
    m_model->apply(m_reading(now), now);
    showFigures();
}

void FleetPage::showFigures()
{
    m_figures->show(m_model->figures());
    settle();
    if (const auto *gpu = m_model->gpu(m_map->current()))
        m_bar->show(*gpu);
    else
        m_bar->hide();
    m_table->viewport()->update(); // sparklines move on
}

void FleetPage::settle()
{
    const bool any = m_model->totalCount() > 0;
    m_stack->setCurrentIndex(any ? 0 : 1);
    const int hidden = m_model->hiddenCount(), shown = m_model->rowCount();
    m_tableStack->setCurrentIndex(shown > 0 || !any ? 0 : 1);
    if (any && shown == 0) {
        m_hidden->setText(tr("The filter hides all %1 GPUs").arg(hidden),
            tr("No GPU fits “%1”.").arg(m_filter->applied()));
        m_hidden->setAction(tr("Clear the filter"));
    }
    int nodes = 0;
    QSet<QString> seen;
    bool simulated = false;
    for (const auto &gpu : m_model->gpus()) {
        nodes += seen.contains(gpu.target) ? 0 : 1;
        seen.insert(gpu.target);
        simulated = simulated || gpu.simulated;
    }
    m_header->setBadge(simulated ? tr("simulated") : QString(), Token::Watch);
    m_header->setFacts(!any ? QString()
                            : gpuCountText(m_model->figures().total) + QStringLiteral(" · ")
                + (nodes == 1 ? tr("1 node") : tr("%1 nodes").arg(nodes))
                + (hidden > 0 ? tr(" · %1 hidden by the filter").arg(hidden) : QString()));
}

void FleetPage::choose(const QString &key)
{
    const auto *gpu = m_model->gpu(key);
    if (gpu == nullptr) {
        m_bar->hide();
        return;
    }
    m_bar->show(*gpu);
    const int row = m_model->rowOf(key);
    if (row >= 0 && m_table->currentIndex().row() != row) {
        m_table->selectRow(row);
        m_table->scrollTo(m_model->index(row, 0));
    }
}

void FleetPage::setTab(int tab)
{
    m_figures->setVisible(tab == 0);
    m_map->setVisible(tab == 0);
    m_legend->setVisible(tab == 0);
}

extern const RailPage fleetPage;
const RailPage fleetPage{"fleet", QT_TRANSLATE_NOOP("pages", "Fleet"), "cpu", "Alt+1", false,
    [](const PageContext &context) -> QWidget * { return new FleetPage(context); }};

} // namespace pilothouse
