// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/types/job.h"
#include "core/types/stage.h"
#include "core/types/target.h"
#include "views/theme/tokens.h"

#include <QPainter>
#include <QWidget>

namespace pilothouse {

/// State is shape and colour together, so that neither alone carries it.
enum class Shape {
    Disc, ///< ok
    Triangle, ///< watch
    Diamond, ///< bad
    Ring, ///< unknown, not opened, waiting, stale (an age stands beside it)
    Arc, ///< running
    Dash, ///< skipped
};

struct ShapeStyle {
    Shape shape = Shape::Ring;
    Token token = Token::Unknown;
};

ShapeStyle shapeOf(TargetState state);
ShapeStyle shapeOf(StageState state);
ShapeStyle shapeOf(JobState state);
/// By the name a model's StateRole gives ("connected", "failed", "running" ...).
ShapeStyle shapeOfName(const QString &state);

/// Paints the shape centred in `rect`, at most metrics::shape wide. `turn` 0..1 moves the arc.
void paintShape(QPainter *painter, const QRectF &rect, ShapeStyle style, double turn = 0);

/// A shape as a widget; its accessible name is the state's word.
class ShapeWidget : public QWidget {
    Q_OBJECT

public:
    explicit ShapeWidget(QWidget *parent = nullptr);
    void setShape(ShapeStyle style, const QString &word);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    ShapeStyle m_style;
};

} // namespace pilothouse
