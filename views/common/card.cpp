// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/common/card.h"

#include "views/common/textlabel.h"
#include "views/theme/metrics.h"
#include "views/theme/stylepainters.h"

#include <QVBoxLayout>

namespace pilothouse {

Card::Card(const QString &title, QWidget *parent)
    : QFrame(parent)
    , m_body(new QVBoxLayout(this))
{
    m_body->setContentsMargins(metrics::cardMargin, 12, metrics::cardMargin, metrics::cardMargin);
    m_body->setSpacing(8);
    if (!title.isEmpty())
        m_body->addWidget(new TextLabel(title, TextKind::Strong));
    setAccessibleName(title);
}

void Card::setEdge(std::optional<Token> edge)
{
    m_edge = edge;
    update();
}

void Card::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    QColor line = themed(Token::Line), fill = themed(Token::Card);
    if (m_edge) {
        line
            = blended(QColor(themed(*m_edge).red(), themed(*m_edge).green(), themed(*m_edge).blue(),
                          Theme::instance().scheme() == Scheme::HighContrast ? 255 : 140),
                fill);
        if (*m_edge != Token::Bad) // much red text on red is hard to read
            fill = Theme::instance().weak(*m_edge);
    }
    painters::box(&painter, rect(), fill, line, metrics::cardRadius);
}

} // namespace pilothouse
