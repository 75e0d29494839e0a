// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/node/gpucard.h"

#include "core/base/units.h"
#include "views/common/textlabel.h"
#include "views/common/verdictword.h"
#include "views/theme/icons.h"
#include "views/theme/metrics.h"
#include "views/theme/shapes.h"
#include "views/theme/style.h"
#include "views/theme/stylepainters.h"
#include "views/theme/theme.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

namespace pilothouse {

GpuCard::GpuCard(TelemetryStore *store, const QString &target, int place, QWidget *parent)
    : Card({}, parent)
    , m_store(store)
    , m_target(target)
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
}

std::optional<double> GpuCard::latest(const char *metric, qint64 now) const
{
    SeriesDescription description;
    description.key = {m_target, m_uuid, QString::fromLatin1(metric)};
    for (const auto id : m_store->seriesOf(m_target)) {
        const auto known = m_store->describe(id);
        if (!known || !(known->key == description.key))
            continue;
        const auto value = m_store->latest(id);
        // Older than three periods is stale: shown with an age elsewhere, not as if it were now.
        return value && now - value->time < 5000 ? std::optional(value->value) : std::nullopt;
    }
    return std::nullopt;
}

void GpuCard::refresh(const Device &device, qint64 now, const QList<HealthFinding> &findings)
{
    m_uuid = device.uuid;
    m_name->setText(tr("GPU %1").arg(device.index));
    m_name->setToolTip(device.name + QLatin1Char('\n') + device.uuid);
    const auto busy = latest("gpu_busy_ratio", now);
    const auto memory = latest("gpu_memory_used_bytes", now);
    const auto heat = latest("gpu_temperature_celsius", now);
    const auto power = latest("gpu_power_watts", now);
    m_ratio = busy.value_or(-1);
    m_busy->setText(formatValue(busy, QStringLiteral("ratio")));
    m_memory->setText(formatValue(memory, QStringLiteral("bytes")) + QStringLiteral(" · ")
        + formatValue(heat, QStringLiteral("celsius")));
    m_power->setText(device.powerLimitWatts > 0
            ? tr("%1 of %2")
                  .arg(formatValue(power, QStringLiteral("watts")),
                      formatValue(device.powerLimitWatts, QStringLiteral("watts")))
            : formatValue(power, QStringLiteral("watts")));
    const bool sampled = device.trouble.isEmpty() && busy.has_value();
    const auto verdict = worstVerdict(findings);
    ShapeStyle shape{pilothouse::Shape::Disc, Token::Ok};
    QString word = sampled ? tr("ok") : tr("not sampled");
    if (verdict >= HealthVerdict::Reboot)
        shape = {pilothouse::Shape::Diamond, Token::Bad};
    else if (verdict == HealthVerdict::Watch || !sampled)
        shape = {pilothouse::Shape::Triangle, Token::Watch};
    if (verdict != HealthVerdict::Ok)
        word = verdictWord(verdict);
    m_shape->setShape(shape, word);
    m_verdict->setText(verdict == HealthVerdict::Ok ? QString() : word);
    QStringList lines;
    if (!device.trouble.isEmpty())
        lines << device.trouble;
    for (const HealthFinding &finding : findings)
        lines << finding.words().title + QLatin1Char('\n') + finding.words().sentence
                + QStringLiteral("\n(") + finding.raw + QLatin1Char(')');
    m_found = !findings.isEmpty();
    setEdge(verdict >= HealthVerdict::Reboot ? std::optional(Token::Bad)
            : m_found                        ? std::optional(Token::Watch)
                                             : std::nullopt);
    setFocusPolicy(m_found ? Qt::TabFocus : Qt::NoFocus);
    setCursor(m_found ? Qt::PointingHandCursor : Qt::ArrowCursor);
    setToolTip(lines.join(QStringLiteral("\n\n")));
    setAccessibleName(tr("GPU %1, %2 busy, %3, %4")
                          .arg(device.index)
                          .arg(m_busy->text(), m_memory->text(), word));
    setAccessibleDescription(toolTip());
    update();
}

void GpuCard::mouseReleaseEvent(QMouseEvent *event)
{
    if (m_found && event->button() == Qt::LeftButton && rect().contains(event->pos()))
        Q_EMIT findingWanted(m_uuid);
}

void GpuCard::keyPressEvent(QKeyEvent *event)
{
    const bool chosen = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter
        || event->key() == Qt::Key_Space;
    if (m_found && chosen)
        Q_EMIT findingWanted(m_uuid);
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
