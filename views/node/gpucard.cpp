// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/node/gpucard.h"

#include "core/base/units.h"
#include "views/common/fleetshape.h"
#include "views/common/plaintip.h"
#include "views/common/textlabel.h"
#include "views/common/verdictword.h"
#include "views/theme/icons.h"
#include "views/theme/metrics.h"
#include "views/theme/style.h"
#include "views/theme/stylepainters.h"
#include "views/theme/theme.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include <cmath>

namespace pilothouse {

GpuCard::GpuCard(int place, QWidget *parent)
    : Card({}, parent)
    , m_place(place)
    , m_shape(new ShapeWidget)
    , m_name(new TextLabel({}, TextKind::Strong))
    , m_busy(new TextLabel({}, TextKind::Subheading))
    , m_memory(new TextLabel({}, TextKind::Small, Token::Text2))
    , m_power(new TextLabel({}, TextKind::Small, Token::Text2))
    , m_verdict(new TextLabel({}, TextKind::Small, Token::Text2))
{
    auto *top = new QHBoxLayout;
    top->addSpacing(16); // the series colour is painted there
    top->addWidget(m_name);
    top->addStretch(1);
    top->addWidget(m_verdict);
    auto *check = new QPushButton(icon(QStringLiteral("stethoscope")), {});
    setButtonKind(check, ButtonKind::Flat);
    setSmall(check);
    check->setFixedWidth(metrics::smallControl);
    check->setToolTip(tr("Check this GPU"));
    check->setAccessibleName(tr("Check GPU %1").arg(place));
    connect(check, &QPushButton::clicked, this, &GpuCard::checkWanted);
    top->addWidget(check);
    m_shape->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    top->addWidget(m_shape);
    body()->addLayout(top);
    auto *figures = new QHBoxLayout;
    figures->addWidget(m_busy);
    figures->addStretch(1);
    auto *right = new QVBoxLayout;
    right->setSpacing(0);
    m_memory->setAlignment(Qt::AlignRight);
    m_power->setAlignment(Qt::AlignRight);
    right->addWidget(m_memory);
    right->addWidget(m_power);
    figures->addLayout(right);
    body()->addLayout(figures);
    body()->addSpacing(8);
    setMinimumWidth(140);
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
}

void GpuCard::showValues(const FleetGpu &gpu)
{
    // MIG offers no utilisation; a dash would read as if it were missing.
    const bool mig = gpu.divided || !gpu.isWhole();
    const auto known
        = [](double value) { return std::isnan(value) ? std::nullopt : std::optional(value); };
    m_ratio = gpu.state == FleetState::Stale ? -1 : known(gpu.util).value_or(-1);
    m_busy->setText(mig && std::isnan(gpu.util) ? tr("MIG") : valueOf(gpu, FleetMetric::Util));
    m_memory->setText(gpu.isWhole() ? formatValue(known(gpu.memoryUsed), QStringLiteral("bytes"))
                + QStringLiteral(" · ") + valueOf(gpu, FleetMetric::Temperature)
                                    : valueOf(gpu, FleetMetric::Memory));
    m_power->setText(gpu.isWhole() ? valueOf(gpu, FleetMetric::Power) : QString());
}

/// The word beside the shape.
QString GpuCard::showState(const FleetGpu &gpu, HealthVerdict verdict)
{
    // What offers no utilisation is well as long as it gives the rest.
    const bool quiet = gpu.state == FleetState::Unknown && gpu.sampledAt == 0;
    const auto shape = gpu.state == FleetState::Unknown && !quiet ? shapeOf(FleetState::Idle)
                                                                  : shapeOf(gpu.state);
    QString word = tr("ok");
    if (gpu.state == FleetState::Bad || quiet)
        word = tr("not sampled");
    else if (gpu.state == FleetState::Stale)
        word = gpu.verdict; // with its age
    else if (gpu.state == FleetState::Watch)
        word = fleetStateWord(gpu.state);
    if (verdict != HealthVerdict::Ok && gpu.state != FleetState::Stale)
        word = verdictWord(verdict);
    m_shape->setShape(shape, word);
    m_verdict->setText(word == tr("ok") ? QString() : word);
    return word;
}

void GpuCard::show(const FleetGpu &gpu, const QList<HealthFinding> &findings)
{
    m_uuid = gpu.uuid;
    m_name->setText(gpu.label());
    m_name->setToolTip(plainToolTip(gpu.model + QLatin1Char('\n') + gpu.uuid));
    showValues(gpu);
    const auto verdict = worstVerdict(findings);
    const QString word = showState(gpu, verdict);
    QStringList lines;
    const bool fine = gpu.state == FleetState::Idle || gpu.state == FleetState::Busy;
    if (findings.isEmpty() ? !fine : gpu.state == FleetState::Stale)
        lines << gpu.verdict;
    for (const HealthFinding &finding : findings)
        lines << finding.words().title + QLatin1Char('\n') + finding.words().sentence
                + QStringLiteral("\n(") + finding.raw + QLatin1Char(')');
    m_found = !findings.isEmpty();
    setEdge(gpu.state == FleetState::Bad ? std::optional(Token::Bad)
            : m_found                    ? std::optional(Token::Watch)
                                         : std::nullopt);
    const auto text = lines.join(QStringLiteral("\n\n"));
    setToolTip(text.isEmpty() ? QString() : plainToolTip(text));
    setAccessibleName(
        tr("%1, %2 busy, %3, %4").arg(gpu.label(), m_busy->text(), m_memory->text(), word));
    setAccessibleDescription(text);
    update();
}

void GpuCard::open()
{
    if (m_found)
        Q_EMIT findingWanted(m_uuid);
    else
        Q_EMIT deviceWanted(m_uuid);
}

void GpuCard::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton && rect().contains(event->pos()))
        open();
}

void GpuCard::keyPressEvent(QKeyEvent *event)
{
    const bool chosen = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter
        || event->key() == Qt::Key_Space;
    if (chosen)
        open();
    else
        Card::keyPressEvent(event);
}

void GpuCard::paintEvent(QPaintEvent *event)
{
    Card::paintEvent(event);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const QColor color = Theme::instance().series(m_place % seriesCount);
    painter.setBrush(color);
    painter.drawRoundedRect(QRectF(14, m_name->y() + m_name->height() / 2.0 - 5, 10, 10), 2, 2);
    const QRectF track(14, height() - 14, width() - 28, 4);
    // In high contrast a filled track would look like a full bar.
    const bool hollow = Theme::instance().scheme() == Scheme::HighContrast;
    painter.setBrush(hollow ? Qt::NoBrush : QBrush(themed(Token::Line)));
    painter.setPen(hollow ? QPen(themed(Token::Line), 1) : QPen(Qt::NoPen));
    painter.drawRoundedRect(track, 2, 2);
    painter.setPen(Qt::NoPen);
    if (m_ratio > 0) {
        painter.setBrush(color);
        painter.drawRoundedRect(
            QRectF(track.topLeft(), QSizeF(track.width() * std::min(m_ratio, 1.0), 4)), 2, 2);
    }
    if (hasFocus())
        painters::focusRing(&painter, rect(), metrics::cardRadius);
}

} // namespace pilothouse
