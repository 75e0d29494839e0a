// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/common/formrow.h"

#include "views/common/textlabel.h"

#include <QHBoxLayout>

namespace pilothouse {

FormRow::FormRow(const QString &name, QWidget *control, const QString &hint, QWidget *parent)
    : QWidget(parent)
    , m_below(new TextLabel(hint, TextKind::Small, Token::Text3))
    , m_hint(hint)
{
    auto *label = new TextLabel(name, TextKind::Small, Token::Text2);
    label->setBuddy(control);
    control->setAccessibleName(name);
    control->setAccessibleDescription(hint);
    m_below->setWordWrap(true);
    m_below->setVisible(!hint.isEmpty());
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(label);
    column->addWidget(control);
    column->addWidget(m_below);
}

void FormRow::setProblem(const QString &problem)
{
    m_below->setText(problem.isEmpty() ? m_hint : problem);
    m_below->setToken(problem.isEmpty() ? Token::Text3 : Token::Bad);
    m_below->setVisible(!m_below->text().isEmpty());
}

InspectorField::InspectorField(const QString &name, QWidget *parent, bool mono)
    : QWidget(parent)
    , m_value(new TextLabel(QStringLiteral("–"), mono ? TextKind::Mono : TextKind::Body))
    , m_name(name)
{
    auto *label = new TextLabel(name, TextKind::Body, Token::Text3);
    label->setFixedWidth(128);
    m_value->setElide(Qt::ElideMiddle);
    m_value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(label);
    row->addWidget(m_value, 1);
}

void InspectorField::setValue(const QString &value, const QString &why)
{
    m_value->setText(value.isEmpty() ? QStringLiteral("–") : value);
    m_value->setToolTip(value.isEmpty() ? why : QString());
    setAccessibleName(QStringLiteral("%1: %2").arg(m_name, m_value->text()));
}

} // namespace pilothouse
