// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/common/emptystate.h"

#include "views/common/textlabel.h"
#include "views/theme/icons.h"

#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

namespace pilothouse {

namespace {

constexpr int textWidth = 420;

/// Painted anew each time, so that it follows the theme; a pixmap would keep the old colour.
class IconView : public QWidget {
public:
    explicit IconView(QIcon icon)
        : m_icon(std::move(icon))
    {
        setFixedSize(32, 32);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        m_icon.paint(&painter, rect());
    }

private:
    QIcon m_icon;
};

} // namespace

EmptyState::EmptyState(const QString &iconName, QWidget *parent)
    : QWidget(parent)
    , m_title(new TextLabel({}, TextKind::Subheading))
    , m_why(new TextLabel({}, TextKind::Body, Token::Text2))
    , m_action(new QPushButton)
{
    auto *picture = new IconView(icon(iconName, Token::Text3));
    m_why->setWordWrap(true);
    m_why->setAlignment(Qt::AlignCenter);
    m_why->setFixedWidth(textWidth);
    auto *column = new QVBoxLayout(this);
    column->setSpacing(8);
    column->addStretch(2);
    column->addWidget(picture, 0, Qt::AlignHCenter);
    column->addSpacing(4);
    column->addWidget(m_title, 0, Qt::AlignHCenter);
    column->addWidget(m_why, 0, Qt::AlignHCenter);
    column->addSpacing(8);
    column->addWidget(m_action, 0, Qt::AlignHCenter);
    column->addStretch(3);
    m_action->hide();
    connect(m_action, &QPushButton::clicked, this, &EmptyState::activated);
}

void EmptyState::setText(const QString &title, const QString &why)
{
    m_title->setText(title);
    m_why->setText(why);
    m_why->setVisible(!why.isEmpty());
    if (!why.isEmpty()) // centred labels forget it
        m_why->setMinimumHeight(m_why->heightForWidth(textWidth));
    setAccessibleName(title);
    setAccessibleDescription(why);
}

void EmptyState::setAction(const QString &text)
{
    m_action->setText(text);
    m_action->setVisible(!text.isEmpty());
}

} // namespace pilothouse
