// SPDX-FileCopyrightText: 2026 The Pilothouse developers
// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/common/keyhint.h"

#include "views/theme/fonts.h"
#include "views/theme/stylepainters.h"

namespace pilothouse {

KeyHint::KeyHint(const QKeySequence &keys, QWidget *parent)
    : QWidget(parent)
    , m_text(text(keys))
{
    QFont font = smallFont();
    font.setPixelSize(11);
    setFont(font);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(m_text);
    setAttribute(Qt::WA_TransparentForMouseEvents);
}

QString KeyHint::text(const QKeySequence &keys)
{
    QString text = keys.toString(QKeySequence::NativeText);
    for (qsizetype i = 0; i + 1 < text.size(); ++i) { // the last may be the key itself
        if (text[i] == u'+')
            text[i] = u' ';
    }
    return text;
}

QSize KeyHint::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(m_text) + 12, 18};
}

void KeyHint::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painters::box(&painter, rect(), themed(Token::Card), themed(Token::Line), 4);
    painter.setPen(themed(Token::Text2));
    painter.drawText(rect(), Qt::AlignCenter, m_text);
}

} // namespace pilothouse
