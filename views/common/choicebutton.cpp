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
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setMenu(menu);
    say();
}

QString ChoiceButton::whole() const
{
    return QStringLiteral("%1: %2").arg(m_name, m_choices.value(m_current));
}

QSize ChoiceButton::sizeFor(const QString &text) const
{
    const QSize shown = QPushButton::sizeHint();
    const auto metrics = fontMetrics();
    return {
        shown.width() + metrics.horizontalAdvance(text) - metrics.horizontalAdvance(this->text()),
        shown.height()};
}

QSize ChoiceButton::sizeHint() const
{
    return sizeFor(whole());
}

QSize ChoiceButton::minimumSizeHint() const
{
    return sizeFor(m_choices.value(m_current));
}

void ChoiceButton::resizeEvent(QResizeEvent *event)
{
    QPushButton::resizeEvent(event);
    say();
}

/// Where there is no room the choice alone has to do.
void ChoiceButton::say()
{
    const QString text = width() >= sizeHint().width() ? whole() : m_choices.value(m_current);
    setAccessibleName(whole());
    setToolTip(text == whole() ? QString() : whole());
    if (this->text() != text)
        setText(text);
    updateGeometry();
}

} // namespace pilothouse
