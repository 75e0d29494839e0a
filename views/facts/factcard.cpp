// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/facts/factcard.h"

#include "views/common/textlabel.h"
#include "views/theme/icons.h"
#include "views/theme/style.h"

#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QPushButton>
#include <QVBoxLayout>

namespace pilothouse {

FactCard::FactCard(const QString &title, QWidget *parent)
    : Card(title, parent)
    , m_grid(new QGridLayout)
{
    m_grid->setHorizontalSpacing(12);
    m_grid->setVerticalSpacing(0);
    m_grid->setColumnMinimumWidth(0, 104);
    m_grid->setColumnStretch(1, 1);
    body()->addLayout(m_grid);
}

void FactCard::make(const QList<Fact> &facts)
{
    while (auto *item = m_grid->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (int row = 0; row < facts.size(); ++row) {
        auto *name = new TextLabel(facts[row].name, TextKind::Body, Token::Text2);
        auto *value = new TextLabel({}, facts[row].mono ? TextKind::Mono : TextKind::Body);
        value->setWordWrap(true);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        auto *copy = new QPushButton(icon(QStringLiteral("copy"), Token::Text3), {});
        setButtonKind(copy, ButtonKind::Flat);
        setSmall(copy);
        copy->setFixedWidth(26);
        copy->setToolTip(tr("Copy"));
        copy->setAccessibleName(tr("Copy %1").arg(facts[row].name));
        connect(copy, &QPushButton::clicked, this,
            [this, row] { QGuiApplication::clipboard()->setText(m_facts[row].value); });
        // Beside the first line of a value that wraps.
        m_grid->addWidget(name, row, 0, Qt::AlignTop);
        m_grid->addWidget(value, row, 1, Qt::AlignTop);
        m_grid->addWidget(copy, row, 2, Qt::AlignTop);
        name->setContentsMargins(0, 5, 0, 5);
        value->setContentsMargins(0, 5, 0, 5);
    }
}

void FactCard::setFacts(const QList<Fact> &facts)
{
    if (facts.size() != m_facts.size())
        make(facts);
    m_facts = facts;
    for (int row = 0; row < facts.size(); ++row) {
        const Fact &fact = facts[row];
        auto *name = static_cast<TextLabel *>(m_grid->itemAtPosition(row, 0)->widget());
        auto *value = static_cast<TextLabel *>(m_grid->itemAtPosition(row, 1)->widget());
        auto *copy = m_grid->itemAtPosition(row, 2)->widget();
        const bool known = !fact.value.isEmpty();
        name->setText(fact.name);
        value->setText(known ? fact.value : QStringLiteral("–  ") + fact.why);
        value->setToken(known ? Token::Text : Token::Text3);
        copy->setVisible(known);
    }
}

} // namespace pilothouse
