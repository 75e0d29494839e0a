// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/common/pageheader.h"

#include "views/common/textlabel.h"
#include "views/theme/fonts.h"
#include "views/theme/metrics.h"
#include "views/theme/stylepainters.h"

#include <QHBoxLayout>
#include <QTabBar>

namespace pilothouse {

PageHeader::PageHeader(QWidget *parent)
    : QWidget(parent)
    , m_shape(new ShapeWidget)
    , m_title(new TextLabel({}, TextKind::Heading))
    , m_facts(new TextLabel({}, TextKind::Body, Token::Text2))
    , m_tag(new TagLabel)
    , m_badge(new TagLabel)
    , m_notice(new TagLabel)
    , m_actions(new QHBoxLayout)
{
    m_title->setElide(Qt::ElideRight);
    m_facts->setElide(Qt::ElideRight);
    m_shape->hide();
    m_tag->hide();
    m_badge->hide();
    m_notice->hide();
    auto *row = new QHBoxLayout;
    row->setContentsMargins(metrics::margin, 13, metrics::margin, 11);
    row->setSpacing(10);
    row->addWidget(m_shape);
    row->addWidget(m_title);
    row->addWidget(m_tag);
    row->addWidget(m_badge);
    row->addWidget(m_notice);
    row->addWidget(m_facts);
    row->addStretch(1);
    m_actions->setSpacing(8);
    row->addSpacing(12);
    row->addLayout(m_actions);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    row->addStrut(34); // without actions it is as high
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed); // what a page shows has the rest
}

void PageHeader::setShape(ShapeStyle style, const QString &word)
{
    m_shape->setShape(style, word);
    m_shape->show();
}

void PageHeader::setTitle(const QString &title)
{
    m_title->setText(title);
    setAccessibleName(title);
}

void PageHeader::setTag(const QString &tag)
{
    m_tag->setText(tag, Token::Text2);
    m_tag->setVisible(!tag.isEmpty());
}

void PageHeader::setFacts(const QString &facts)
{
    m_facts->setText(facts);
}

void PageHeader::setBadge(const QString &word, Token token)
{
    m_badge->setText(word, token);
    m_badge->setVisible(!word.isEmpty());
}

void PageHeader::setNotice(const QString &word, const QString &sentence)
{
    m_notice->setText(word, Token::Watch);
    m_notice->setToolTip(sentence);
    m_notice->setAccessibleDescription(sentence);
    m_notice->setVisible(!word.isEmpty());
}

void PageHeader::addAction(QWidget *action)
{
    m_actions->addWidget(action);
}

void PageHeader::clearActions()
{
    while (auto *item = m_actions->takeAt(0)) {
        if (auto *widget = item->widget()) {
            widget->hide(); // it may be what is being clicked
            widget->deleteLater();
        }
        delete item;
    }
}

QTabBar *PageHeader::tabs()
{
    if (!m_tabs) {
        m_tabs = new QTabBar;
        m_tabs->setDrawBase(false);
        m_tabs->setExpanding(false);
        m_tabs->setAccessibleName(tr("Pages"));
        auto *row = new QHBoxLayout;
        row->setContentsMargins(metrics::margin - 9, 0, metrics::margin, 0);
        row->addWidget(m_tabs);
        row->addStretch(1);
        static_cast<QVBoxLayout *>(layout())->addLayout(row);
    }
    return m_tabs;
}

void PageHeader::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const int width = int(Theme::instance().lineWidth());
    painter.fillRect(QRect(0, height() - width, this->width(), width), themed(Token::Line));
}

TagLabel::TagLabel(Token token, QWidget *parent)
    : QWidget(parent)
    , m_token(token)
{
    QFont font = smallFont();
    font.setPixelSize(11);
    setFont(font);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void TagLabel::setText(const QString &text, Token token)
{
    m_text = text;
    m_token = token;
    setAccessibleName(text);
    updateGeometry();
    update();
}

QSize TagLabel::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(m_text) + 14, 20};
}

void TagLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const bool plain = m_token == Token::Text2;
    painters::box(&painter, rect(), plain ? QColor() : Theme::instance().weak(m_token),
        plain ? themed(Token::Line) : themed(m_token), 4);
    painter.setPen(themed(m_token));
    painter.drawText(rect(), Qt::AlignCenter, m_text);
}

} // namespace pilothouse
