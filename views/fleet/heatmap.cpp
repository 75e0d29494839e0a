// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/fleet/heatmap.h"

#include "core/models/fleetmodel.h"
#include "views/fleet/heataccess.h"
#include "views/theme/fonts.h"
#include "views/theme/theme.h"

#include <QEvent>
#include <QScrollBar>

#include <algorithm>
#include <cmath>
#include <utility>

namespace pilothouse {

QFont HeatMap::nodeFont()
{
    QFont font = monoFont();
    font.setPixelSize(11);
    return font;
}

HeatMap::HeatMap(FleetModel *model, QWidget *parent)
    : QAbstractScrollArea(parent)
    , m_model(model)
{
    installHeatAccess();
    setAccessibleName(tr("Heat map of GPUs"));
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setAutoFillBackground(false);
    viewport()->setMouseTracking(true);
    verticalScrollBar()->setSingleStep(22);
    connect(model, &FleetModel::applied, this, &HeatMap::follow);
    connect(model, &FleetModel::appliedSome, this, &HeatMap::followSome);
    connect(model, &FleetModel::figuresChanged, this, &HeatMap::note);
    m_regroup.setSingleShot(true);
    m_regroup.setInterval(500);
    connect(&m_regroup, &QTimer::timeout, this, &HeatMap::follow);
    // A filter shows here too.
    connect(model, &RowIndexModel::settled, this, &HeatMap::look);
    follow();
}

void HeatMap::setGrouping(FleetGrouping grouping)
{
    m_grouping = grouping;
    m_shape.clear();
    follow();
}

void HeatMap::setRoom(int height)
{
    if (height == m_room)
        return;
    m_room = height;
    place();
    viewport()->update();
}

void HeatMap::setMetric(FleetMetric metric)
{
    m_metric = metric;
    look();
}

/// Arranges anew only when GPUs came, went or changed their group.
void HeatMap::follow()
{
    std::vector<QString> shape;
    shape.reserve(m_model->gpus().size() * 2);
    for (const auto &gpu : m_model->gpus()) {
        shape.push_back(gpu.key());
        shape.push_back(groupOf(gpu, m_grouping));
    }
    if (shape != m_shape || m_layout.cells.size() != m_model->gpus().size()) {
        m_shape = std::move(shape);
        arrange();
    }
    look();
}

/// The same for some: their cells look different, or a job has given them to another group.
void HeatMap::followSome(const std::vector<int> &places)
{
    if (m_cellOf.size() != m_model->gpus().size())
        return;
    QRegion changed;
    int last = -1; // node
    for (const int place : places) {
        const auto cell = std::size_t(m_cellOf[std::size_t(place)]);
        if (groupOf(m_model->gpus()[std::size_t(place)], m_grouping)
            != m_shape[std::size_t(place) * 2 + 1]) {
            if (!m_regroup.isActive())
                m_regroup.start();
        }
        if (!lookAt(cell) || m_nodeOf[cell] == last)
            continue;
        last = m_nodeOf[cell];
        changed
            += m_layout.nodes[std::size_t(last)].rect.translated(0, -verticalScrollBar()->value());
    }
    viewport()->update(changed);
}

/// True when the cell looks different.
bool HeatMap::lookAt(std::size_t cell)
{
    const auto &gpu = m_model->gpus()[std::size_t(m_layout.cells[cell].gpu)];
    const bool dim = m_model->hiddenCount() > 0 && !m_model->isShown(m_keys[cell]);
    const auto now = lookOf(gpu, m_metric, dim);
    return std::exchange(m_looks[cell], now) != now;
}

void HeatMap::arrange()
{
    const QString nameless = m_grouping == FleetGrouping::Job ? tr("no job")
        : m_grouping == FleetGrouping::Person                 ? tr("nobody")
                                                              : tr("no group");
    m_layout = arrangeFleet(m_model->gpus(), m_grouping, nameless);
    m_keys.clear();
    m_cellOf.assign(m_layout.cells.size(), 0);
    for (std::size_t i = 0; i < m_layout.cells.size(); ++i) {
        const auto gpu = std::size_t(m_layout.cells[i].gpu);
        m_keys.push_back(m_model->gpus()[gpu].key());
        m_cellOf[gpu] = int(i);
    }
    m_nodeOf.assign(m_layout.cells.size(), 0);
    for (std::size_t n = 0; n < m_layout.nodes.size(); ++n) {
        const auto &node = m_layout.nodes[n];
        std::fill_n(m_nodeOf.begin() + node.first, node.count, int(n));
    }
    m_looks.assign(m_layout.cells.size(), {});
    place();
    viewport()->update();
}

void HeatMap::place()
{
    const QFontMetrics metrics(nodeFont());
    int label = 24;
    for (const auto &node : m_layout.nodes)
        label = std::max(label, metrics.horizontalAdvance(node.label) + 2);
    const QSize room(viewport()->width(), std::max(viewport()->height(), m_room));
    placeFleet(m_layout, room, std::min(label, 140), headWidth());
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setRange(0, std::max(0, m_layout.height - viewport()->height()));
    m_sprites.prepare(m_layout.cellSize, devicePixelRatioF());
    Q_EMIT heightWanted(m_layout.height);
}

/// What the largest group's note and most titles need.
int HeatMap::headWidth() const
{
    constexpr int mostTitle = 110;
    const QFontMetrics metrics(strongFont());
    int title = 0, most = 0;
    for (const auto &group : m_layout.groups) {
        if (title < mostTitle)
            title = std::max(title, metrics.horizontalAdvance(group.title));
        most = std::max(most, group.count);
    }
    return std::min(title, mostTitle) + headGap
        + QFontMetrics(smallFont()).horizontalAdvance(busyNote(most, 1));
}

QSize HeatMap::sizeHint() const
{
    return {800, std::max(m_layout.height, 96)};
}

void HeatMap::look()
{
    if (m_model->gpus().size() != m_layout.cells.size())
        return;
    std::vector<int> changed;
    for (std::size_t i = 0; i < m_keys.size(); ++i) {
        if (lookAt(i))
            changed.push_back(int(i));
    }
    // Many small rectangles cost more than the cells in between.
    if (changed.size() > 256) {
        for (const auto &node : m_layout.nodes)
            viewport()->update(node.rect.translated(0, -verticalScrollBar()->value()));
    } else {
        for (const int cell : changed)
            viewport()->update(cellRect(cell));
    }
    note();
}

void HeatMap::note()
{
    if (m_model->gpus().size() != m_layout.cells.size())
        return;
    m_notes.resize(m_layout.groups.size());
    for (std::size_t g = 0; g < m_layout.groups.size(); ++g) {
        const auto &group = m_layout.groups[g];
        const auto said = noteOf(group);
        if (said == m_notes[g])
            continue;
        m_notes[g] = said;
        viewport()->update(QRect(group.rect.left(), group.rect.top() - verticalScrollBar()->value(),
            group.rect.width(), headHeight));
    }
}

QString HeatMap::busyNote(int count, double busy)
{
    return tr("%1 GPU · %2 % busy").arg(count).arg(int(std::lround(busy * 100)));
}

QString HeatMap::noteOf(const HeatLayout::Group &group) const
{
    int all = 0, busy = 0, live = 0, stale = 0;
    QString since; ///< "stale 4 min"
    for (int i = 0; i < group.count; ++i) {
        const auto *gpu = gpuOfCell(group.first + i);
        if (gpu == nullptr || !gpu->isWhole()) // it went a moment ago: a new arrangement follows
            continue;
        ++all;
        if (gpu->state == FleetState::Stale && stale++ == 0)
            since = gpu->verdict;
        if (gpu->state == FleetState::Stale || gpu->state == FleetState::Unknown)
            continue;
        ++live;
        busy += gpu->util >= idleRatio;
    }
    if (stale > 0)
        return tr("%1 live · %2 %3").arg(QString::number(live), QString::number(stale), since);
    if (live == 0)
        return tr("%1 GPU").arg(all);
    return busyNote(all, double(busy) / live);
}

const FleetGpu *HeatMap::gpuOfCell(int cell) const
{
    if (cell < 0 || cell >= int(m_layout.cells.size()))
        return nullptr;
    return m_model->gpu(m_keys[std::size_t(cell)]);
}

QString HeatMap::sentenceOfCell(int cell) const
{
    const auto *gpu = gpuOfCell(cell);
    return gpu != nullptr ? fleetSentence(*gpu) : QString();
}

int HeatMap::currentCell() const
{
    const auto found = std::find(m_keys.begin(), m_keys.end(), m_current);
    return found == m_keys.end() ? -1 : int(found - m_keys.begin());
}

void HeatMap::setCurrent(const QString &key)
{
    if (key == m_current)
        return;
    const int before = currentCell();
    m_current = key;
    const int now = currentCell();
    for (const int cell : {before, now}) {
        if (cell >= 0)
            viewport()->update(cellRect(cell).adjusted(-3, -3, 3, 3));
    }
    if (now >= 0)
        announceHeatCell(this, now);
    Q_EMIT currentChanged(key);
}

int HeatMap::cellAt(const QPoint &place) const
{
    const QPoint here = place + QPoint(0, verticalScrollBar()->value());
    for (const auto &group : m_layout.groups) {
        if (!group.rect.contains(here))
            continue;
        for (int n = 0; n < group.nodes; ++n) {
            const auto &node = m_layout.nodes[std::size_t(group.firstNode + n)];
            if (!node.rect.contains(here))
                continue;
            for (int i = 0; i < node.count; ++i) {
                if (m_layout.cells[std::size_t(node.first + i)].rect.contains(here))
                    return node.first + i;
            }
        }
    }
    return -1;
}

QRect HeatMap::cellRect(int cell) const
{
    return m_layout.cells[std::size_t(cell)].rect.translated(0, -verticalScrollBar()->value());
}

bool HeatMap::isInView(int place) const
{
    return std::size_t(place) < m_cellOf.size()
        && cellRect(m_cellOf[std::size_t(place)]).intersects(viewport()->rect());
}

void HeatMap::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    place();
    viewport()->update();
}

void HeatMap::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        m_sprites.clear();
        viewport()->update();
    }
}

} // namespace pilothouse
