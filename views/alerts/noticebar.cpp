// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/alerts/noticebar.h"

#include "views/common/textlabel.h"
#include "views/theme/metrics.h"
#include "views/theme/style.h"
#include "views/theme/theme.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>

namespace pilothouse {

NoticeBar::NoticeBar(QWidget *parent)
    : QWidget(parent)
    , m_text(new TextLabel)
{
    auto *undo = new QPushButton(tr("Undo"));
    setSmall(undo);
    undo->setToolTip(tr("Ctrl+Z"));
    connect(undo, &QPushButton::clicked, this, &NoticeBar::undoWanted);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(metrics::margin, 4, metrics::margin, 5);
    row->addWidget(m_text);
    row->addWidget(undo);
    row->addStretch(1);
    hide();
}

void NoticeBar::tell(const QString &text)
{
    m_text->setText(text);
    show();
}

void NoticeBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), themed(Token::AccentWeak));
    painter.fillRect(QRect(0, height() - 1, width(), 1), themed(Token::Line));
}

} // namespace pilothouse
