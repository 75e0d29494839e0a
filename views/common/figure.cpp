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
{
    body()->setSpacing(2);
    for (auto *one : {m_label, m_value, m_note}) {
        one->setElide(Qt::ElideRight);
        body()->addWidget(one);
    }
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

void Figure::name()
{
    setAccessibleName(QStringLiteral("%1: %2").arg(m_label->text(), m_value->text()));
    setAccessibleDescription(m_note->text());
}

} // namespace pilothouse
