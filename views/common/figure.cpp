// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/common/figure.h"

#include "views/common/textlabel.h"
#include "views/theme/metrics.h"

#include <QVBoxLayout>

namespace pilothouse {

Figure::Figure(const QString &label, QWidget *parent)
    : Card({}, parent)
    , m_label(new TextLabel(label, TextKind::Small, Token::Text3))
    , m_value(new TextLabel(QStringLiteral("–"), TextKind::Heading))
    , m_note(new TextLabel({}, TextKind::Small, Token::Text2))
    , m_more(new TextLabel({}, TextKind::Small, Token::Text2))
{
    body()->setSpacing(2);
    for (auto *one : {m_label, m_value, m_note}) {
        one->setElide(Qt::ElideRight);
        body()->addWidget(one);
    }
    m_more->setWordWrap(true);
    m_more->hide();
    body()->addWidget(m_more);
    body()->addStretch(1);
    name();
}

void Figure::setValue(const QString &value, Token token)
{
    m_value->setText(value);
    m_value->setToken(token);
    name();
}

void Figure::setNote(const QString &note)
{
    m_note->setText(note);
    name();
}

void Figure::setMore(const QString &more)
{
    m_more->setText(more);
    m_more->setVisible(!more.isEmpty());
    name();
}

void Figure::name()
{
    setAccessibleName(QStringLiteral("%1: %2").arg(m_label->text(), m_value->text()));
    const QString more = m_more->text();
    setAccessibleDescription(
        more.isEmpty() ? m_note->text() : m_note->text() + QStringLiteral(", ") + more);
}

} // namespace pilothouse
