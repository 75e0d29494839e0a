// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/common/choicerow.h"

#include "views/theme/fonts.h"
#include "views/theme/stylepainters.h"

#include <QTextLayout>

namespace pilothouse {

static constexpr int indent = 24, flags = Qt::TextWordWrap | Qt::AlignLeft | Qt::AlignTop;

ChoiceRow::ChoiceRow(const QString &name, const QString &meaning, QWidget *parent)
    : QAbstractButton(parent)
    , m_text(meaning.isEmpty() ? name : QStringLiteral("%1: %2").arg(name, meaning))
{
    setCheckable(true);
    setAutoExclusive(true);
    setText(name);
    setAccessibleName(name);
    setAccessibleDescription(meaning);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

QRect ChoiceRow::textRect(int width) const
{
    return QFontMetrics(bodyFont()).boundingRect(QRect(0, 0, width - indent, 10000), flags, m_text);
}

QSize ChoiceRow::sizeHint() const
{
    return {240, heightForWidth(240)};
}
QSize ChoiceRow::minimumSizeHint() const
{
    return {120, 20};
}
int ChoiceRow::heightForWidth(int width) const
{
    return qMax(20, textRect(width).height() + 4);
}

void ChoiceRow::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    QStyleOption option;
    option.initFrom(this);
    option.rect = QRect(0, 1, 18, 18);
    option.state.setFlag(QStyle::State_On, isChecked());
    painters::radio(&option, &painter);
    painter.setFont(bodyFont());
    painter.setPen(themed(!isEnabled() ? Token::Text3 : isChecked() ? Token::Text : Token::Text2));
    painter.drawText(QRect(indent, 2, width() - indent, height()), flags, m_text);
    if (hasFocus() && (option.state & QStyle::State_KeyboardFocusChange))
        painters::focusRing(&painter, rect(), 4);
}

} // namespace pilothouse
