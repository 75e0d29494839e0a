// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/fleet/heatcells.h"
#include "views/fleet/heatlayout.h"

#include <QAbstractScrollArea>
#include <QTimer>

namespace pilothouse {

class FleetModel;

/// One cell per GPU, in a card per group, a row per node. Follows its model: where the set of GPUs
/// stays, only cells that look different are painted. Arrow keys move, Enter opens.
class HeatMap : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit HeatMap(FleetModel *model, QWidget *parent = nullptr);

    void setGrouping(FleetGrouping grouping);
    void setMetric(FleetMetric metric);
    /// How high it could be made; cells are as large as fit into that.
    void setRoom(int height);
    FleetMetric metric() const { return m_metric; }
    QString current() const { return m_current; } ///< key of a GPU; empty = none
    void setCurrent(const QString &key);

    const HeatLayout &heatLayout() const { return m_layout; }
    const FleetGpu *gpuOfCell(int cell) const;
    QString sentenceOfCell(int cell) const;
    int currentCell() const;
    int cellAt(const QPoint &viewportPlace) const; ///< -1 = none
    QRect cellRect(int cell) const; ///< in the viewport
    bool isInView(int place) const; ///< the cell of a GPU of the model, or a part of it
    quint64 paintedCells() const { return m_painted; } ///< since it was made, for tests

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {320, 64}; }

Q_SIGNALS:
    void currentChanged(const QString &key);
    void activated(const QString &key);
    void heightWanted(int height); ///< all of it, without scrolling

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    static constexpr int headHeight = 34; ///< of a group's title and note
    static constexpr int headGap = 12; ///< between the two

    void follow();
    void followSome(const std::vector<int> &places);
    bool lookAt(std::size_t cell);
    void note();
    void arrange();
    void place();
    void look();
    static QFont nodeFont();
    static void paintHead(QPainter &painter, const HeatLayout::Group &group, const QString &said);
    void paintCells(QPainter &painter, const HeatLayout::Node &node, const QRegion &region);
    void showCell(int cell);
    int neighbour(int cell, int key) const;
    int headWidth() const;
    static QString busyNote(int count, double busy);
    QString noteOf(const HeatLayout::Group &group) const;
    QString headTip(const QPoint &viewportPlace) const;

    FleetModel *m_model;
    HeatLayout m_layout;
    FleetGrouping m_grouping = FleetGrouping::Group;
    FleetMetric m_metric = FleetMetric::Util;
    std::vector<QString> m_keys; ///< by cell
    std::vector<CellLook> m_looks; ///< by cell
    std::vector<int> m_cellOf; ///< by place in the fleet
    std::vector<int> m_nodeOf; ///< by cell
    std::vector<QString> m_notes; ///< by group
    std::vector<QString> m_shape; ///< what the arrangement was made of: key and group by place
    QTimer m_regroup; ///< GPUs have moved to other groups
    CellSprites m_sprites;
    QString m_current;
    quint64 m_painted = 0;
    int m_room = 0;
};

} // namespace pilothouse
