// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/common/choicebutton.h"

#include <QActionGroup>
#include <QMenu>

namespace pilothouse {

ChoiceButton::ChoiceButton(const QString &name, const QStringList &choices, QWidget *parent)
    : QPushButton(parent)
    , m_name(name)
    , m_choices(choices)
{
    auto *menu = new QMenu(this);
    auto *group = new QActionGroup(menu);
    for (int i = 0; i < choices.size(); ++i) {
        auto *action = menu->addAction(choices[i]);
        action->setCheckable(true);
        action->setChecked(i == 0);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, i] {
            m_current = i;
            say();
            Q_EMIT chosen(i);
        });
    }
    setMenu(menu);
    say();
}

void ChoiceButton::say()
{
    setText(QStringLiteral("%1: %2").arg(m_name, m_choices.value(m_current)));
}

} // namespace pilothouse
