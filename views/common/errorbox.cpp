// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/common/errorbox.h"

#include "views/common/agelabel.h"
#include "views/common/textlabel.h"
#include "views/theme/icons.h"
#include "views/theme/shapes.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>
#include <QVBoxLayout>

namespace pilothouse {

ErrorBox::ErrorBox(QWidget *parent)
    : Card({}, parent)
    , m_title(new TextLabel({}, TextKind::Strong))
    , m_message(new TextLabel({}, TextKind::Body, Token::Text2))
    , m_cause(new TextLabel({}, TextKind::Mono, Token::Text))
    , m_next(new TextLabel({}, TextKind::Body, Token::Text2))
    , m_age(new AgeLabel(AgeLabel::Form::Ago))
    , m_actions(new QHBoxLayout)
    , m_copy(new QPushButton(tr("Copy report")))
{
    setEdge(Token::Bad);
    auto *shape = new ShapeWidget;
    shape->setShape({pilothouse::Shape::Diamond, Token::Bad}, tr("Failed"));
    auto *top = new QHBoxLayout;
    top->setSpacing(8);
    top->addWidget(shape);
    top->addWidget(m_title, 1);
    top->addWidget(m_age);
    body()->addLayout(top);

    auto *inner = new QVBoxLayout;
    inner->setContentsMargins(22, 0, 0, 0);
    inner->setSpacing(8);
    for (auto *one : {m_message, m_cause, m_next}) {
        one->setWordWrap(true);
        one->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    inner->addWidget(m_message);
    inner->addWidget(m_cause);
    m_actions->setSpacing(8);
    m_actions->addWidget(m_copy);
    m_actions->addWidget(m_next, 1);
    inner->addSpacing(2);
    inner->addLayout(m_actions);
    body()->addLayout(inner);
    connect(m_copy, &QPushButton::clicked, this, &ErrorBox::copy);
}

void ErrorBox::setError(const QString &title, const Error &error, qint64 when)
{
    m_error = error;
    m_title->setText(title);
    m_message->setText(error.message);
    m_cause->setText(error.cause.trimmed());
    m_cause->setVisible(!error.cause.trimmed().isEmpty());
    m_next->setText(error.next.isEmpty() ? QString() : tr("Next step: %1").arg(error.next));
    m_age->setTime(when);
    setAccessibleName(title);
    setAccessibleDescription(error.message);
}

void ErrorBox::addAction(QPushButton *button)
{
    m_actions->insertWidget(m_actions->indexOf(m_copy), button);
}

QString ErrorBox::report() const
{
    QStringList lines{m_title->text(), m_error.message};
    lines << tr("stage: %1").arg(m_error.stage) << tr("kind: %1").arg(errorKindName(m_error.kind));
    if (!m_error.cause.isEmpty())
        lines << tr("cause: %1").arg(m_error.cause.trimmed());
    if (!m_error.next.isEmpty())
        lines << tr("next: %1").arg(m_error.next);
    if (!m_extra.isEmpty())
        lines << QString() << m_extra;
    return lines.join(u'\n') + u'\n';
}

void ErrorBox::copy()
{
    QGuiApplication::clipboard()->setText(report());
    m_copy->setText(tr("Copied"));
}

} // namespace pilothouse
