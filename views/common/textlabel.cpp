// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/common/textlabel.h"

#include "views/common/plaintip.h"
#include "views/theme/fonts.h"
#include "views/theme/theme.h"

#include <QEvent>
#include <QPainter>

namespace pilothouse {

QFont fontOf(TextKind kind)
{
    switch (kind) {
    case TextKind::Body:
        return bodyFont();
    case TextKind::Medium:
        return mediumFont();
    case TextKind::Strong:
        return strongFont();
    case TextKind::Small:
        return smallFont();
    case TextKind::Section:
        return sectionFont();
    case TextKind::Heading:
        return headingFont();
    case TextKind::Subheading:
        return subheadingFont();
    case TextKind::Mono:
        return monoFont();
    }
    return bodyFont();
}

TextLabel::TextLabel(const QString &text, TextKind kind, Token token, QWidget *parent)
    : QLabel(text, parent)
    , m_token(token)
{
    setFont(fontOf(kind));
    setTextFormat(Qt::PlainText);
    applyColor();
    connect(&Theme::instance(), &Theme::changed, this, &TextLabel::applyColor);
}

void TextLabel::setToken(Token token)
{
    m_token = token;
    applyColor();
}

void TextLabel::applyColor()
{
    QPalette colors = palette();
    colors.setColor(QPalette::WindowText, themed(m_token));
    setPalette(colors);
}

void TextLabel::setElide(Qt::TextElideMode mode)
{
    m_elide = mode;
    setSizePolicy(
        mode == Qt::ElideNone ? QSizePolicy::Preferred : QSizePolicy::Maximum, QSizePolicy::Fixed);
    update();
}

QSize TextLabel::minimumSizeHint() const
{
    const QSize size = QLabel::minimumSizeHint();
    return elides() ? QSize(fontMetrics().horizontalAdvance(u'…') + 2, size.height()) : size;
}

void TextLabel::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::EnabledChange)
        update();
}

void TextLabel::paintEvent(QPaintEvent *event)
{
    if (!elides() || fontMetrics().horizontalAdvance(text()) <= contentsRect().width()) {
        if (elides() && toolTip() == property("pilothouseWhole").toString())
            setToolTip({});
        QLabel::paintEvent(event);
        return;
    }
    if (toolTip().isEmpty() || toolTip() == property("pilothouseWhole").toString()) {
        setToolTip(plainToolTip(text()));
        setProperty("pilothouseWhole", toolTip());
    }
    QPainter painter(this);
    painter.setPen(themed(m_token));
    painter.drawText(contentsRect(), int(alignment() | Qt::TextSingleLine),
        fontMetrics().elidedText(text(), m_elide, contentsRect().width()));
}

} // namespace pilothouse
