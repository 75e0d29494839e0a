// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/files/copyquestion.h"

#include "views/common/textlabel.h"
#include "views/theme/style.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QTimer>
#include <QVBoxLayout>

namespace pilothouse {

CopyQuestion::CopyQuestion(QWidget *parent)
    : Card(QString(), parent)
    , m_text(new TextLabel(tr("Looking what is there already"), TextKind::Body, Token::Text2))
    , m_close(new QPushButton(tr("Cancel")))
    , m_go(new QPushButton)
    , m_slow(new QTimer(this))
{
    setEdge(Token::Watch);
    m_text->setWordWrap(true);
    auto *row = new QHBoxLayout;
    row->addWidget(m_text, 1);
    row->addWidget(m_close);
    row->addWidget(m_go);
    body()->addLayout(row);
    m_go->hide();
    hide();
    m_slow->setSingleShot(true);
    m_slow->start(300);
    connect(m_slow, &QTimer::timeout, this, &QWidget::show);
    connect(m_close, &QPushButton::clicked, this, &CopyQuestion::closed);
    connect(m_go, &QPushButton::clicked, this, &CopyQuestion::agreed);
}

void CopyQuestion::ask(const QString &text, bool replaces)
{
    m_slow->stop();
    m_text->setText(text);
    m_go->setText(replaces ? tr("Replace") : tr("Copy the others"));
    setButtonKind(m_go, replaces ? ButtonKind::Danger : ButtonKind::Primary);
    m_go->show();
    show();
    m_go->setFocus();
}

void CopyQuestion::refuse(const QString &text)
{
    m_slow->stop();
    setEdge(Token::Bad);
    m_text->setText(text);
    m_close->setText(tr("Close"));
    m_go->hide();
    show();
}

} // namespace pilothouse
